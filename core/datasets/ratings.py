"""Film ratings drawn from a known truth: tastes for genres, good and popular titles, and noise."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from math import erf, sqrt
from typing import Any

import numpy as np

from core.datasets.computed import FIELD, computed, data_seed
from core.datasets.dataset import Arrays, Dataset, NoiseFloor
from core.datasets.pairs import Items, PairShape
from core.parameters import FieldError, FloatRange, IntRange

GENRES = ("Action", "Comedy", "Drama", "Horror", "Romance", "Space", "War", "Western")
STARS = (1, 2, 3, 4, 5)
# Ratings are at most this share of all pairs, so that something is left to recommend.
FULLEST = 0.5
# What the truth is made of: the mean rating, then the deviations of users, titles and of a taste for a genre.
MEAN, HARSHNESS, QUALITY, TASTE = 3.1, 0.35, 0.4, 0.75
# A title is half as much of a second genre. People watch what they like, and what many watch.
SECOND, CHOOSY, ACTIVITY, POPULARITY = 0.5, 1.2, 0.6, 0.5


@dataclass(frozen=True, eq=False)
class DrawnRatings:
    """Ratings with the truth behind them.

    Attributes:
        x: int32 (n, 2), a user's and a title's number, both from 1.
        truth: float (n,), the rating without noise, and before it becomes stars.
        y: float32 (n, 1), stars.
        genres: int (titles,), the first genre of each title.
    """

    x: np.ndarray
    truth: np.ndarray
    y: np.ndarray
    genres: np.ndarray


@lru_cache(maxsize=4)
def drawn(users: int, titles: int, ratings: int, genres: int, noise: float, seed: int) -> DrawnRatings:
    """As many different pairs, and their ratings.

    A pair is drawn with a probability that grows with the user's activity, the title's popularity (Zipf's
    law) and the user's taste for it.
    """
    random = np.random.default_rng([seed, 21])
    first, second = random.integers(0, genres, (2, titles))
    kinds = np.eye(genres)[first] + SECOND * np.eye(genres)[second]
    liking = random.normal(0, TASTE, (users, genres)) @ kinds.T
    truth = (MEAN + random.normal(0, HARSHNESS, (users, 1)) + random.normal(0, QUALITY, titles) + liking)
    popular = -POPULARITY * np.log(1 + random.permutation(titles))
    weights = random.normal(0, ACTIVITY, (users, 1)) + popular + CHOOSY * liking
    # The largest of weights plus Gumbel noise are a sample without replacement.
    chosen = np.sort(np.argsort(-(weights + random.gumbel(size=weights.shape)), axis=None)[:ratings])
    known = truth.ravel()[chosen]
    stars = np.clip(np.rint(known + noise * random.normal(0, 1, ratings)), STARS[0], STARS[-1])
    x = np.stack([chosen // titles + 1, chosen % titles + 1], axis=1).astype(np.int32)
    y = stars[:, np.newaxis].astype(np.float32)
    x.flags.writeable = y.flags.writeable = False
    return DrawnRatings(x, known, y, first)


def floor(truth: np.ndarray, noise: float) -> NoiseFloor:
    """The errors of who knows the truth: what noise and rounding to stars leave open.

    The squared error is lowest for the mean of a pair's stars, the absolute error for their median.
    """
    if not noise:
        return NoiseFloor(0.0, 0.0)
    edges = (np.array(STARS[:-1]) + 0.5 - truth[:, np.newaxis]) / (noise * sqrt(2))
    below = (1 + np.vectorize(erf, otypes=[float])(edges)) / 2
    shares = np.diff(below, prepend=0.0, append=1.0, axis=1)
    stars = np.array(STARS)
    median = stars[np.argmax(np.cumsum(shares, axis=1) >= 0.5, axis=1)]
    off = np.abs(stars - median[:, np.newaxis])
    return NoiseFloor(float(np.sqrt(np.mean(shares @ stars**2 - (shares @ stars)**2))),
                 float(np.mean((shares * off).sum(axis=1))))


def _load(*values: Any) -> Arrays:
    found = drawn(*values)
    return Arrays(found.x, found.y)


def _items(*values: Any) -> Items:
    groups = tuple(GENRES[genre] for genre in drawn(*values).genres.tolist())
    return Items(tuple(f"{group} {groups[:place].count(group) + 1}" for place, group in enumerate(groups)),
                 groups)


@lru_cache(maxsize=16)
def _floor(*values: Any) -> NoiseFloor:
    return floor(drawn(*values).truth, values[4])


def _build(values: Mapping[str, Any]) -> Dataset:
    most = int(FULLEST * values["users"] * values["titles"])
    if values["ratings"] > most:
        raise FieldError(f"{FIELD}.ratings", f"{values['users']} users and {values['titles']} titles can "
                         f"have at most {most:,} ratings, half of all pairs, got {values['ratings']:,}. "
                         "Choose fewer ratings, or more users or titles.")
    given = tuple(values[name] for name in ("users", "titles", "ratings", "genres", "noise", "data_seed"))
    return Dataset(
        "ratings", "Film ratings", "Made-up people rate made-up films with 1 to 5 stars. Each person has a "
        "taste for each genre, some films are better than others, and a few are watched by nearly everyone. "
        "The truth behind the ratings is known, and so is the lowest error that anyone can reach.",
        "Computed.", examples=values["ratings"], shape=PairShape(values["users"], values["titles"]),
        classes=(), features=("user", "title"), task="regression", target="stars",
        load=partial(_load, *given), items=partial(_items, *given), floor=partial(_floor, *given))


RATINGS = computed("Film ratings", (
    IntRange("users", "Users", "How many people there are. Each has a row of numbers to learn, so "
             "many people with few ratings each are hard.", 20, 2000, 500, log=True),
    IntRange("titles", "Titles", "How many films there are.", 20, 2000, 200, log=True),
    IntRange("ratings", "Ratings", "How many ratings there are in all, at most half of all pairs of user and "
             "title. Few: nobody's taste can be told.", 200, 200_000, 20_000, log=True),
    IntRange("genres", "Genres", "How many numbers describe a taste, and so how wide the embeddings have to "
             "be.", 2, len(GENRES), 5),
    FloatRange("noise", "Noise", "Standard deviation of the mood in which someone rates, in stars. No "
               "network can predict it.", 0.0, 2.0, 0.5),
    data_seed()), _build)
