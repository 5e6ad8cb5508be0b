"""MovieLens 100k: real ratings of films, downloaded."""

import zipfile
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from core.datasets.dataset import Arrays, Dataset
from core.datasets.download import DataFile, DownloadSource
from core.datasets.pairs import Items, PairShape

USERS, TITLES, RATINGS = 943, 1682, 100_000
FOLDER = "ml-100k"
# The most bytes of a title in UTF-8, and the genres in the order of their columns.
LONGEST = 96
GENRES = ("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary",
          "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller",
          "War", "Western")
# No file here is larger.
_MOST_BYTES = 2**22


def unpacked(paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """Ratings, titles and first genres in the published zip file, of which only two members are read.

    Raises ValueError, KeyError or BadZipFile for another file. Source of the format: its README.
    """
    with zipfile.ZipFile(paths[0]) as archive:
        ratings = np.array([line.split("\t")[:3] for line in _lines(archive, "u.data", "utf-8")], np.int64)
        films = [line.split("|") for line in _lines(archive, "u.item", "latin-1")]
    if ratings.ndim != 2 or ratings.min() < 1 or ratings[:, 1].max() > len(films):
        raise ValueError("there are ratings of unknown films")
    if [int(film[0]) for film in films] != list(range(1, len(films) + 1)):
        raise ValueError("the films are not numbered from 1")
    marks = np.array([film[-len(GENRES):] for film in films], np.uint8)
    return {"pairs": ratings[:, :2].astype(np.int32), "stars": ratings[:, 2].astype(np.uint8),
            "titles": np.array([film[1].encode() for film in films], f"|S{LONGEST}"),
            "genres": marks.argmax(axis=1).astype(np.uint8)}


def _lines(archive: zipfile.ZipFile, name: str, encoding: str) -> list[str]:
    member = archive.getinfo(f"{FOLDER}/{name}")
    if member.file_size > _MOST_BYTES:
        raise ValueError(f"{name} is too large")
    return archive.read(member).decode(encoding).splitlines()


MOVIELENS_FILE = DataFile(
    label="MovieLens 100k", filename="movielens_100k.npz",
    members={"pairs": ((RATINGS, 2), "int32"), "stars": ((RATINGS,), "uint8"),
             "titles": ((TITLES,), f"|S{LONGEST}"), "genres": ((TITLES,), "uint8")},
    labels=("stars",), classes=6, unpack=unpacked, loose=("ml-100k.zip",),
    instead="Film ratings has ratings and",
    # GroupLens gives the MD5, 0e33842e24a9c977be4e0107933c0723; this is the SHA-256 of the same file.
    sources=(DownloadSource("https://files.grouplens.org/datasets/movielens/ml-100k.zip",
                            "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229", 4_924_029),))


@lru_cache(maxsize=1)
def _load(file: DataFile) -> Arrays:
    """Raises `DatasetUnavailable`."""
    x, stars = file.read("pairs", "stars")
    y = stars.astype(np.float32)[:, np.newaxis]
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)


@lru_cache(maxsize=1)
def _items(file: DataFile) -> Items:
    """Raises `DatasetUnavailable`."""
    titles, genres = file.read("titles", "genres")
    return Items(tuple(title.decode() for title in titles.tolist()),
                 tuple(GENRES[genre] for genre in genres.tolist()))


MOVIELENS = Dataset(
    "movielens", "MovieLens 100k", "100,000 ratings, 1 to 5 stars, that 943 people gave to 1,682 films in "
    "1997 and 1998. Nobody knows the truth behind them. Downloaded once, 5 MB.",
    "F. M. Harper and J. A. Konstan, The MovieLens Datasets, 2015; GroupLens, University of Minnesota. For "
    "research and teaching only: no commercial use without permission, no redistribution, and no claim that "
    "the university endorses the results (see the README in the file).",
    examples=RATINGS, shape=PairShape(USERS, TITLES), classes=(), features=("user", "film"),
    task="regression", target="stars", load=partial(_load, MOVIELENS_FILE),
    items=partial(_items, MOVIELENS_FILE), download_bytes=MOVIELENS_FILE.size)
