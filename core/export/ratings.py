"""Script code for ratings: drawn from their truth, divided per user, numbered; and the ranking at the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.datasets import ratings
from core.datasets.movielens import FOLDER, MOVIELENS_FILE
from core.datasets.pairs import LIKED_SHARE

_DRAWN = f"""\
# Made-up tastes and titles, then who rates what: the more active the user, the more popular the title, and
# the more the user likes it, the more likely.
USERS, TITLES, RATINGS, GENRES = {{users}}, {{titles}}, {{ratings}}, {{genres}}
random = np.random.default_rng([{{data_seed}}, 21])
first, second = random.integers(0, GENRES, (2, TITLES))
kinds = np.eye(GENRES)[first] + {ratings.SECOND} * np.eye(GENRES)[second]
liking = random.normal(0, {ratings.TASTE}, (USERS, GENRES)) @ kinds.T
truth = ({ratings.MEAN} + random.normal(0, {ratings.HARSHNESS}, (USERS, 1))
         + random.normal(0, {ratings.QUALITY}, TITLES) + liking)
popular = -{ratings.POPULARITY} * np.log(1 + random.permutation(TITLES))
weights = random.normal(0, {ratings.ACTIVITY}, (USERS, 1)) + popular + {ratings.CHOOSY} * liking
chosen = np.sort(np.argsort(-(weights + random.gumbel(size=weights.shape)), axis=None)[:RATINGS])
# Stars: the truth and some noise, rounded. Users and titles are numbered from 1.
stars = truth.ravel()[chosen] + {{noise!r}} * random.normal(0, 1, RATINGS)
x = np.stack([chosen // TITLES + 1, chosen % TITLES + 1], axis=1)
y = np.clip(np.rint(stars), {ratings.STARS[0]}, {ratings.STARS[-1]})[:, np.newaxis]"""

_HELD_OUT = f"""\
# One liked title of each user is kept for ranking, unless it is the only one that the user has rated.
order = np.random.default_rng([{{seed}}, 4]).permutation(len(x))
several = np.bincount(x[:, 0])[x[order, 0]] > 1
likes = order[several & (y[order, 0] >= y.min() + {LIKED_SHARE} * (y.max() - y.min()))]
_, firsts = np.unique(x[likes, 0], return_index=True)
held_out = np.sort(likes[firsts])
liked, x, y = x[held_out], np.delete(x, held_out, axis=0), np.delete(y, held_out, axis=0)
user_item_rating = np.concatenate([x, y], axis=1)"""

_KNOWN = """\
# Users and titles that are in no training example get the number 0: unknown.
known_users, known_titles = (np.unique(x_train[:, column]) for column in (0, 1))


def known(pairs):
    users, titles = pairs[:, 0], pairs[:, 1]
    return np.stack([np.where(np.isin(users, known_users), users, 0),
                     np.where(np.isin(titles, known_titles), titles, 0)], axis=1).astype("int32")"""


_MOVIELENS = """\
# Looked for in the PLAYGROUND_DATA folder and beside this script; otherwise downloaded. For research and
# teaching only; the README in the file has the conditions.
path = os.path.join(os.environ.get("PLAYGROUND_DATA", ""), "{name}")
if not os.path.isfile(path):
    path = "{name}"
if not os.path.isfile(path):
    urllib.request.urlretrieve("{url}", path)
with open(path, "rb") as file:
    if hashlib.sha256(file.read()).hexdigest() != (
            "{sha256}"):
        raise SystemExit(f"{{path}} is not the right file. Remove it and start again.")
with zipfile.ZipFile(path) as archive:
    lines = archive.read("{folder}/u.data").decode().splitlines()
rows = np.array([line.split("\\t")[:3] for line in lines], "int64")
x, y = rows[:, :2], rows[:, 2:]"""


def movielens_source() -> tuple[str, tuple[str, ...]]:
    """Code that defines x, the pairs, and y, and its imports."""
    (own,), (name,) = MOVIELENS_FILE.sources, MOVIELENS_FILE.loose
    return _MOVIELENS.format(name=name, url=own.url, sha256=own.sha256, folder=FOLDER), (
        "import hashlib", "import os", "import urllib.request", "import zipfile", "import numpy as np")


def ratings_source(values: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Code that defines x, the pairs, and y, and its imports."""
    return _DRAWN.format(**values), ("import numpy as np",)


def held_out(seed: str) -> str:
    """Code that takes the liked titles out of x and y. seed: a number or a name."""
    return _HELD_OUT.format(seed=seed)


def numbered_pairs(names: Sequence[str]) -> str:
    """Code that numbers the pairs in these arrays as the network sees them."""
    return "\n\n\n".join([_KNOWN, "\n".join(f"{name} = known({name})" for name in names)])
