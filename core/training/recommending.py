"""Recommendations of a network that reads users and items, and where its items lie to each other."""

import numpy as np
from jaxtyping import Float

from core.catalog.layers.graph import FACTORIZATION
from core.datasets import Split
from core.metrics.ranked_items import Scores
from core.runs.config import RunConfig
from core.runs.recommended import Recommended, Wish
from core.training import regions
from core.training.program import Program, State
from core.training.weight_paths import paths

SHOWN, SIMILAR, RATED = 10, 5, 100
# The least penalty on the learner's own numbers: without any, a few ratings would have no single solution.
LEAST = 0.1
Rows = Float[np.ndarray, "items width"]


class Recommender:
    """Recommends with the network of one run, which reads pairs and looks them up in its first layer."""

    def __init__(self, config: RunConfig, split: Split, program: Program):
        assert split.pairs is not None
        self._split, self._pairs, self._program = split, split.pairs, program
        self._places = {path: place for place, path in enumerate(paths(program.model))}
        self._factorizes = [layer["class_name"] for layer in config.layers()] == [FACTORIZATION]
        self._penalty = max(LEAST, config.l2 * split.examples)

    def answer(self, state: State, wish: Wish) -> Recommended:
        """The best items for a user of the dataset, or for the learner, and the items like the chosen one.

        The learner's ratings count only where the network is a matrix factorization alone.
        """
        own = self._split.x_train[:, 0] == wish.user if wish.user else np.zeros(self._split.examples, bool)
        rated, ratings = self._split.x_train[own, 1], self._own_units(self._split.y_train[own, 0])
        new = wish.items if not wish.user else rated
        scores = self._own_units(self._scores(state, wish))
        free = np.setdiff1d(np.flatnonzero(self._pairs.items), new)
        best = free[np.argsort(-scores[free], kind="stable")[:SHOWN]]
        order = np.argsort(-ratings, kind="stable")[:RATED]
        similar, cosines = self._similar(self.items(state), wish.chosen)
        return Recommended(wish.user, best, scores[best], rated[order], ratings[order], wish.chosen, similar,
                           cosines)

    def items(self, state: State) -> Rows:
        """The rows of all items, from number 0 on; zeros for unknown ones."""
        return self._table(state, 2) * self._pairs.items[:, None]

    def _scores(self, state: State, wish: Wish) -> Float[np.ndarray, "items"]:
        """The prediction for each item from number 0 on, standardized."""
        if not wish.user and self._factorizes and len(wish.items):
            return self._for_learner(state, wish)
        users = self._pairs.encoded(np.stack([np.full(len(self._pairs.items), wish.user),
                                              np.arange(len(self._pairs.items))], axis=1))
        return regions.answers(self._program, state, users)[:, 0]

    def _for_learner(self, state: State, wish: Wish) -> Float[np.ndarray, "items"]:
        """The same for someone with these ratings.

        Row and bias are those at which the loss of training, of these ratings and with the items as they are,
        is lowest: Koren, Bell and Volinsky 2009, alternating least squares, for a single user.
        """
        rows, biases = self.items(state), self._table(state, 4)[:, 0] * self._pairs.items
        mean, known = self._value(state, "logits/bias")[0], self._pairs.encoded(
            np.stack([np.zeros_like(wish.items), wish.items], axis=1))[:, 1]
        design = np.concatenate([rows, np.ones((len(rows), 1))], axis=1).astype(float)
        split = self._split
        assert split.target_mean is not None and split.target_deviation is not None
        given = np.clip((wish.ratings - split.target_mean) / split.target_deviation,
                        split.y_train.min(), split.y_train.max())
        seen, wanted = design[known], given - mean - biases[known]
        if not (np.isfinite(seen).all() and np.isfinite(wanted).all()):
            return np.full(len(biases), np.nan)
        # Where rows have become huge, the penalty is lost in rounding: then there is no unique solution.
        own, *_ = np.linalg.lstsq(seen.T @ seen + self._penalty * np.eye(design.shape[1]),
                                  seen.T @ wanted, rcond=None)
        return mean + biases + design @ own

    def _similar(self, rows: Rows, chosen: int) -> tuple[np.ndarray, np.ndarray]:
        """The most similar items by cosine; none for an unknown item."""
        if not chosen or not self._pairs.items[chosen]:
            return np.zeros(0, int), np.zeros(0)
        lengths = np.linalg.norm(rows, axis=1)
        cosines = rows @ rows[chosen] / np.maximum(lengths * lengths[chosen], 1e-12)
        others = np.setdiff1d(np.flatnonzero(self._pairs.items), [chosen])
        best = others[np.argsort(-cosines[others], kind="stable")[:SIMILAR]]
        return best, cosines[best]

    def _own_units(self, values: np.ndarray) -> np.ndarray:
        assert self._split.target_mean is not None and self._split.target_deviation is not None
        return values * self._split.target_deviation[0] + self._split.target_mean[0]

    def _table(self, state: State, number: int) -> np.ndarray:
        """Of users, of items, and the biases of both, counted from 1."""
        return self._value(state, f"embedding_{number}/embeddings")

    def _value(self, state: State, path: str) -> np.ndarray:
        return np.asarray([*state.trainable, *state.non_trainable][self._places[path]])


def scores_of(program: Program, state: State, data: Split) -> Scores:
    """What a network that reads pairs predicts for users, int (m,), and all items: (m, items + 1)."""
    assert data.pairs is not None
    items = np.arange(len(data.pairs.items))

    def scores(users: np.ndarray) -> np.ndarray:
        asked = np.stack([np.repeat(users, len(items)), np.tile(items, len(users))], axis=1)
        return regions.answers(program, state, asked.astype(np.int32)).reshape(len(users), len(items))

    return scores


def item_map(rows: Rows, known: np.ndarray, before: np.ndarray | None = None) -> Float[np.ndarray, "items 2"]:
    """The first two principal components of the items' rows, float32 (items, 2); NaN for unknown ones.

    before: an earlier map. Components have no sign, and two that are equally strong no order; so the map is
    turned and mirrored until it lies on the earlier one as well as it can (Schönemann 1966).
    """
    found = np.full((len(rows), 2), np.nan, np.float32)
    if not np.isfinite(rows).all() or known.sum() < 2:
        return found
    there = rows[known].astype(np.float64)
    centred = there - there.mean(0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    places = centred @ components[:2].T
    places = np.pad(places, ((0, 0), (0, 2 - places.shape[1])))
    if before is not None and np.isfinite(before[known]).all():
        left, _, right = np.linalg.svd(places.T @ before[known])
        places = places @ left @ right
    found[known] = places
    return found
