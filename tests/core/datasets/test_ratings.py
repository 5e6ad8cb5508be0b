"""Ratings: what is drawn, the lowest error, and how pairs of users and items are divided."""

import pickle
from collections import Counter

import numpy as np
import pytest

from core.datasets import Arrays, Dataset, Preparation
from core.datasets.overview import glance
from core.datasets.pairs import PairShape, for_ranking, liked_from
from core.datasets.ratings import RATINGS, drawn, floor
from core.datasets.splits import prepared, split
from core.datasets.splits import test_set as shown_set
from core.parameters import FieldError

SMALL = {"users": 40, "titles": 30, "ratings": 500}


def ratings_of(rows: list[tuple[int, int, float]]) -> Dataset:
    """A dataset of these ratings: user, item, stars."""
    x, y = (np.array([row[part] for row in rows]) for part in (slice(2), slice(2, 3)))
    data = Arrays(x.astype(np.int32), y.astype(np.float32))
    return Dataset("made_up", "Made up", "", "", len(rows), PairShape(*x.max(0).tolist()), (), lambda: data,
                   features=("user", "item"), task="regression", target="stars")


def test_shapes_of_pairs_know_how_many_there_are():
    shape = PairShape(3, 4)
    assert tuple(shape) == (2,) and shape == PairShape(3, 4) and shape != PairShape(4, 3) and shape != (2,)
    assert hash(shape) == hash(PairShape(3, 4)) and pickle.loads(pickle.dumps(shape)) == shape


def test_every_pair_is_rated_once_and_popular_titles_often():
    found = RATINGS.made_with(SMALL)
    assert found.items is not None
    data, named = found.load(), found.items()
    assert len({tuple(pair) for pair in data.x.tolist()}) == 500 == found.examples
    assert data.x.min() == 1 and (data.x.max(0) <= (40, 30)).all() and set(data.y.ravel()) <= {1, 2, 3, 4, 5}
    assert len(set(named.names)) == 30 and all(map(str.startswith, named.names, named.groups))
    often = np.sort(np.bincount(RATINGS.load().x[:, 1])[1:])
    assert often[-20:].sum() > 3 * often[:20].sum()
    assert (found.made_with(SMALL | {"data_seed": 1}).load().x != data.x).any()


def test_the_lowest_error_is_that_of_the_best_answers():
    truth = np.array([0.2, 2.5, 3.0, 5.4])
    random = np.random.default_rng(0)
    stars = np.clip(np.rint(truth + 0.8 * random.normal(size=(200_000, 4))), 1, 5)
    found = floor(truth, 0.8)
    assert found.rmse == pytest.approx(np.sqrt(stars.var(axis=0).mean()), rel=5e-3)
    assert found.mae == pytest.approx(np.abs(stars - np.median(stars, axis=0)).mean(), rel=5e-3)
    assert floor(truth, 0.0) == (0.0, 0.0)
    assert RATINGS.floor is not None
    values = dict(RATINGS.values)
    known = drawn(*(values[name] for name in ("users", "titles", "ratings", "genres", "noise", "data_seed")))
    rounded = np.sqrt(np.mean((np.clip(known.truth, 1, 5) - known.y[:, 0])**2))
    assert RATINGS.floor().rmse == pytest.approx(rounded, rel=0.01), "up to chance"


def test_more_ratings_than_half_of_all_pairs_are_refused():
    with pytest.raises(FieldError, match="40 users and 30 titles can have at most 600 ratings") as refused:
        RATINGS.made_with(SMALL | {"ratings": 601})
    assert refused.value.field == "dataset_parameters.ratings"


@pytest.mark.parametrize("preparation", [Preparation(1, 0.2), Preparation(2, 0.0, 200),
                                         Preparation(3, fold=(1, 3, 0))])
def test_no_rating_is_in_two_sets(preparation: Preparation):
    dataset = RATINGS.made_with(SMALL)
    found, data = split(dataset, preparation), dataset.load()
    held = data.x[for_ranking(data.x, data.y, preparation.seed)]
    parts = [*found.x.tolist(), *shown_set(dataset, preparation).x.tolist(), *held.tolist()]
    known = [tuple(pair) for pair in parts if 0 not in pair]
    assert len(set(known)) == len(known) and len(parts) <= 500
    assert len(found.x_test) == -(-(500 - len(held)) // 10)
    stars = {tuple(pair): star for pair, star in zip(data.x.tolist(), data.y[:, 0], strict=True)}
    assert all(stars[tuple(pair)] >= 4 for pair in held.tolist())
    assert max(Counter(held[:, 0].tolist()).values()) == 1
    likers = {user for (user, _), star in stars.items() if star >= 4}
    assert likers == set(held[:, 0].tolist()), "each has several ratings"


def test_who_is_not_in_training_becomes_unknown():
    rows = [(user, 1 + (3 * user + place) % 9, 1 + place % 5) for user in range(1, 8) for place in range(5)]
    dataset = ratings_of([*rows, (9, 9, 5), (10, 10, 5)])
    found = split(dataset, Preparation(0, 0.3))
    for seed in range(12):
        found = split(dataset, Preparation(seed, 0.3))
        assert found.pairs is not None
        whole = shown_set(dataset, Preparation(seed, 0.3)).x
        users, items = set(found.x_train[:, 0].tolist()), set(found.x_train[:, 1].tolist())
        for raw, seen in zip(whole, found.x_test, strict=True):
            assert seen.tolist() == [raw[0] if raw[0] in users else 0, raw[1] if raw[1] in items else 0]
        assert set(found.x_validation[:, 0].tolist()) <= users | {0}
        assert set(found.pairs.liked[:, 0].tolist()) <= users - {0}, "9 and 10 keep their only rating"
    told = prepared(found, np.array([[1.0, 1.0], [8, 1], [1, 11], [-1, 2**40]]))
    assert told.dtype == np.int32 and told.tolist() == [[1, 1], [0, 1], [1, 0], [0, 0]]
    mean = float(np.mean(dataset.load().y))
    assert abs(found.target_mean[0] - mean) < 1 and abs(found.y_train.mean()) < 1e-6


def test_liked_is_three_quarters_of_the_way_up():
    assert liked_from(np.array([[1.0], [5.0]])) == 4 and liked_from(np.array([[0.0], [100.0]])) == 75
    assert liked_from(np.array([[1.0], [1.0]])) == 1, "where all are the same, all are liked"


def test_the_picture_is_how_often_and_how_well_each_title_is_rated():
    seen = glance(ratings_of([(1, 1, 4), (2, 1, 2), (1, 3, 5)]))
    assert seen.across.tolist() == [2, 1] and seen.up.tolist() == [3, 5]
    assert seen.rows == ((1, 1), (2, 1), (1, 3)) and seen.row_targets == (4, 2, 5)
