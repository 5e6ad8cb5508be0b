"""What the test set says of a network while it trains, at a bounded share of the run's time."""

import time
from collections.abc import Callable

import numpy as np

from core.config import RunConfig
from core.datasets import Split
from core.posting import interval
from core.results import Evaluation, Prediction, Regions
from core.training.program import Program, State

# Evaluation takes at most this share of a run's time, of a crowd's as much as two of them would take.
SHARE = 0.1
# Not oftener than this, in seconds: nobody sees more.
EVERY = 0.1
RECENT = 1000
GALLERY = 18
GRID = 50
MARGIN = 0.08
TINY = 1e-12


class LiveEvaluation:
    """Evaluates one run, a slice of the test set at a time.

    Live, the last 1000 predictions count, some of them of a few steps ago; `complete` asks anew.
    """

    def __init__(self, config: RunConfig, split: Split, program: Program):
        self.split, self.program, self.classes = split, program, len(config.data.classes)
        self.is_image = config.data.is_image
        self.slice = program.plan.slice
        self.spent = self._cost = self._last = 0.0
        self._next = 0
        self._probabilities = np.zeros((len(split.y_test), self.classes), np.float32)
        self._looked_at: list[int] = []  # starts of slices, oldest first

    def due(self, elapsed: float, crowd: int = 1) -> bool:
        """Whether an update fits into its share of the run's `elapsed` seconds, evaluation included.

        crowd: how many runs share the process.
        """
        rested = time.monotonic() - self._last >= max(EVERY, interval(crowd))
        return rested and self.spent + self._cost <= SHARE * min(1.0, 2 / max(1, crowd)) * elapsed

    def update(self, state: State, step: int, features: tuple[int, int],
               seconds: float = 0.0) -> Evaluation:
        """Look at the next slice of the test set, and at more for `seconds`, at most at 1000 examples.

        features: the two columns that regions are drawn over.
        """
        began, starts = time.monotonic(), range(0, len(self.split.y_test), self.slice)
        looked = 0
        while looked == 0 or (looked < min(len(starts), RECENT // self.slice)
                              and time.monotonic() - began < seconds):
            self._look(state, starts[self._next])
            self._next = (self._next + 1) % len(starts)
            looked += 1
        evaluation = self._evaluation(state, step, features, complete=looked == len(starts))
        self._last = time.monotonic()
        self._cost = self._last - began
        self.spent += self._cost
        return evaluation

    def complete(self, state: State, step: int, features: tuple[int, int],
                 stopped: Callable[[], bool]) -> Evaluation:
        """Look at the whole test set, with the network as it is now, unless `stopped` meanwhile."""
        for start in range(0, len(self.split.y_test), self.slice):
            if stopped() and self._looked_at:
                return self._evaluation(state, step, features, complete=False)
            self._look(state, start)
        return self._evaluation(state, step, features, complete=True)

    def _look(self, state: State, start: int) -> None:
        x = self.split.x_test[start:start + self.slice]
        self._probabilities[start:start + len(x)] = predict(self.program, state, x)
        if start in self._looked_at:
            self._looked_at.remove(start)
        self._looked_at = [*self._looked_at, start]

    def _recent(self, complete: bool = False) -> np.ndarray:
        starts = self._looked_at if complete else self._looked_at[-(RECENT // self.slice):]
        return np.concatenate([np.arange(start, min(start + self.slice, len(self.split.y_test)))
                               for start in sorted(starts)])

    def _evaluation(self, state: State, step: int, features: tuple[int, int],
                    complete: bool) -> Evaluation:
        chosen = self._recent(complete)
        labels, probabilities = self.split.y_test[chosen], self._probabilities[chosen]
        predicted = probabilities.argmax(1)
        matrix = np.zeros((self.classes, self.classes), np.int64)
        np.add.at(matrix, (labels, predicted), 1)
        own = np.maximum(probabilities[np.arange(len(labels)), labels], TINY)
        wrong = np.flatnonzero(predicted != labels)
        gallery: tuple[Prediction, ...] = ()
        if self.is_image:
            surest = wrong[np.argsort(-probabilities[wrong].max(1), kind="stable")]
            shown = np.concatenate([surest, np.flatnonzero(predicted == labels)])[:GALLERY]
            gallery = tuple(Prediction(int(chosen[one]), int(labels[one]), int(predicted[one]),
                                       float(probabilities[one].max())) for one in shown)
        return Evaluation(
            step, matrix, len(chosen), float(-np.log(own).mean()), float((predicted == labels).mean()),
            complete, gallery, () if self.is_image else tuple(int(one) for one in chosen[wrong]),
            None if self.is_image else decision_regions(self.program, state, self.split, features))


def predict(program: Program, state: State, x: np.ndarray) -> np.ndarray:
    """Probabilities, (n, classes), of at most `Plan.slice` raw examples."""
    filled = np.zeros((program.plan.slice, *x.shape[1:]), x.dtype)
    filled[:len(x)] = x
    return np.asarray(program.predict(state.trainable, state.non_trainable, filled))[:len(x)]


def decision_regions(program: Program, state: State, split: Split, features: tuple[int, int]) -> Regions:
    """The network's answers on a grid over two features, the others at their training mean.

    The grid spans the test and training examples with a margin of 8 %. Features that the dataset
    does not have are replaced by its last one.
    """
    assert split.mean is not None and split.deviation is not None
    columns = split.x_train.shape[1]
    pair = (min(features[0], columns - 1), min(features[1], columns - 1))
    seen = np.concatenate([split.x_train[:, pair], split.x_test[:, pair]])
    low, high = seen.min(0), seen.max(0)
    low, high = low - MARGIN * (high - low), high + MARGIN * (high - low)
    first, second = np.meshgrid(*(np.linspace(low[one], high[one], GRID) for one in (0, 1)))
    # Standardized, the training mean is zero.
    x = np.zeros((GRID * GRID, columns), np.float32)
    x[:, pair[0]], x[:, pair[1]] = first.ravel(), second.ravel()
    size = program.plan.slice
    probabilities = np.concatenate([predict(program, state, x[start:start + size])
                                    for start in range(0, len(x), size)])
    chosen = list(pair)
    mean, deviation = split.mean[chosen], split.deviation[chosen]
    corners = [(float(corner[0]), float(corner[1])) for corner in
               (low * deviation + mean, high * deviation + mean)]
    # A diverged network answers NaN: no confidence at all.
    confidence = np.nan_to_num(probabilities.max(1)) * 255
    return Regions(pair, corners[0], corners[1],
                   probabilities.argmax(1).astype(np.uint8).reshape(GRID, GRID),
                   confidence.astype(np.uint8).reshape(GRID, GRID))
