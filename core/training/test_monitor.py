"""Evaluates the network on the test set while it trains, within a fixed share of the run's time."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.datasets import Split
from core.metrics.scores import regression_metrics
from core.runs.config import RunConfig
from core.runs.events import Evaluation, Prediction, Predictions, message_interval
from core.training.live_weights import live_weights
from core.training.numbers import own_numbers
from core.training.program import Program, State
from core.training.regions import curve, decision_regions

# Evaluation takes at most this share of a run's time; all runs of a worker together, as much as two would.
# The probes (`core.training.probing`) take the rest of a tenth.
SHARE = 0.08
# Least seconds between two evaluations: nobody could follow more of them.
EVERY = 0.1
RECENT = 1000
GALLERY = 18


class TestMonitor:
    """Evaluates one run on the test set, a slice at a time.

    While it trains, the last 1000 answers count, some of them a few steps old; `complete` predicts all again.
    """

    def __init__(self, config: RunConfig, split: Split, program: Program):
        self.split, self.program, self.data = split, program, config.data
        self._own, self._weights = own_numbers(config), live_weights(config)
        self.slice = program.plan.slice
        self.spent = self._cost = self._last = 0.0
        self._next = 0
        self._answers = np.zeros((len(split.y_test), self.data.units), np.float32)
        self._losses = np.zeros(len(split.y_test), np.float32)
        self._alive: dict[int, np.ndarray] = {}  # by the start of a slice
        self._looked_at: list[int] = []  # starts of slices, oldest first

    def due(self, elapsed: float, active_runs: int = 1) -> bool:
        """Whether an update fits into its share of the run's `elapsed` seconds, evaluation included.

        active_runs: how many runs share the process.
        """
        rested = time.monotonic() - self._last >= max(EVERY, message_interval(active_runs))
        return rested and self.spent + self._cost <= SHARE * min(1.0, 2 / max(1, active_runs)) * elapsed

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
        """Evaluate the network on the whole test set, unless `stopped` meanwhile."""
        for start in range(0, len(self.split.y_test), self.slice):
            if stopped() and self._looked_at:
                return self._evaluation(state, step, features, complete=False)
            self._look(state, start)
        return self._evaluation(state, step, features, complete=True)

    def _look(self, state: State, start: int) -> None:
        chosen = slice(start, min(start + self.slice, len(self.split.y_test)))
        self._answers[chosen], self._losses[chosen], self._alive[start] = self.program.look(
            state, self.split.x_test[chosen], self.split.y_test[chosen], self._own)
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
        found = Evaluation(step, np.zeros((0, 0), np.int64), len(chosen), float(self._losses[chosen].mean()),
                           float("nan"), complete, dead_share=self._dead_share(complete),
                           weights=self._weights(state))
        return (self._of_classes if self.data.classes else self._of_numbers)(state, chosen, features, found)

    def _dead_share(self, complete: bool) -> float | None:
        """The share of the relu units that were inactive for all of the examples that count."""
        starts = self._looked_at if complete else self._looked_at[-max(1, RECENT // self.slice):]
        alive = np.any([self._alive[start] for start in starts], axis=0)
        return float(1 - alive.mean()) if alive.size else None

    def _of_classes(self, state: State, chosen: np.ndarray, features: tuple[int, int],
                    found: Evaluation) -> Evaluation:
        labels, probabilities = self.split.y_test[chosen], self._answers[chosen]
        predicted, count = probabilities.argmax(1), len(self.data.classes)
        matrix = np.zeros((count, count), np.int64)
        np.add.at(matrix, (labels, predicted), 1)
        wrong = np.flatnonzero(predicted != labels)
        gallery: tuple[Prediction, ...] = ()
        area = not self.data.is_image and len(self.data.features) > 1
        if self.data.is_image:
            confident = wrong[np.argsort(-probabilities[wrong].max(1), kind="stable")]
            shown = np.concatenate([confident, np.flatnonzero(predicted == labels)])[:GALLERY]
            gallery = tuple(Prediction(int(chosen[index]), int(labels[index]), int(predicted[index]),
                                       float(probabilities[index].max())) for index in shown)
        return replace(found, matrix=matrix, metric=float((predicted == labels).mean()), gallery=gallery,
                       wrong=() if self.data.is_image else tuple(int(index) for index in chosen[wrong]),
                       regions=decision_regions(self.program, state, self.split, features) if area else None)

    def _of_numbers(self, state: State, chosen: np.ndarray, features: tuple[int, int],
                    found: Evaluation) -> Evaluation:
        split = self.split
        assert split.target_mean is not None and split.target_deviation is not None
        expected, predicted = (values[chosen] * split.target_deviation + split.target_mean
                               for values in (split.y_test, self._answers))
        mae, rmse, r2 = regression_metrics(expected, predicted)
        drawn = curve(self.program, state, split) if self.data.shape == (1,) else None
        return replace(found, metric=mae, numbers=Predictions(
            chosen, expected, predicted, mae, rmse, r2, drawn))
