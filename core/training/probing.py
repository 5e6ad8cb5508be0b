"""Looks at validation examples at the ends of epochs, within a fixed share of the run's time."""

import time

import numpy as np

from core.catalog.losses import loss_of_mean
from core.datasets import Split
from core.datasets.pairs import STRANGER
from core.metrics import guessing
from core.metrics.scores import regression_metrics
from core.runs.config import RunConfig
from core.runs.evaluations import Probe
from core.runs.events import message_interval
from core.training import reconstructing
from core.training.initial import PROBE, stream
from core.training.numbers import own_numbers
from core.training.program import Program, State

# Probes take at most this share of a run's time. Together with `test_monitor.SHARE`, evaluation may take a
# tenth.
SHARE = 0.02
# Least seconds between two probes: what depends on them changes no faster.
EVERY = 0.5
EXAMPLES = 500


class Probing:
    """Evaluates one run on the same examples each time: from the validation set, else from the training set.

    It only reads the state, so a run's curves are the same with and without it.
    """

    def __init__(self, config: RunConfig, split: Split, program: Program):
        self.config, self.split, self.program = config, split, program
        self.validation = split.validation > 0
        first, count = (split.examples, split.validation) if self.validation else (0, split.examples)
        drawn = stream(config.seed, PROBE, 0).permutation(count)[:EXAMPLES]
        self.chosen = first + np.sort(drawn)
        self._x, self._y = split.x[self.chosen], split.y[self.chosen]
        if config.data.guesses and not self.validation:
            self._x = guessing.gapped(self._x, self._y)
        self._own = own_numbers(config)
        self._unseen = 0.0 if split.pairs is None else float(
            (split.x[self.chosen] == STRANGER).any(axis=1).mean())
        self.spent = self._cost = 0.0
        self._last = -EVERY
        self._epoch = 0

    def due(self, epoch: int, elapsed: float, active_runs: int = 1) -> bool:
        """Whether an epoch has ended since the last probe, and another fits into the `elapsed` seconds.

        active_runs: how many runs share the process. The program of the test figures has to be there already.
        """
        rested = time.monotonic() - self._last >= max(EVERY, message_interval(active_runs))
        fits = self.spent + self._cost <= SHARE * min(1.0, 2 / max(1, active_runs)) * elapsed
        return epoch > self._epoch and rested and fits and self.program.predicts

    def look(self, state: State, step: int, epoch: int) -> Probe:
        """Evaluate the network as it is now."""
        began, size = time.monotonic(), self.program.plan.looked
        found = [self.program.look(state, self._x[start:start + size], self._y[start:start + size], self._own)
                 for start in range(0, len(self._x), size)]
        answers = np.concatenate([part[0] for part in found])
        alive = np.any([part[2] for part in found], axis=0)
        dead = float(1 - alive.mean()) if alive.size else None
        expected = (reconstructing.inputs(self.split, self._x)
                    if self.config.data.reconstructs else self._y)
        probe = self._probe(step, epoch, expected, answers, dead)
        self._epoch, self._last = epoch, time.monotonic()
        self._cost = self._last - began
        self.spent += self._cost
        return probe

    def _probe(self, step: int, epoch: int, expected: np.ndarray, answers: np.ndarray,
               dead: float | None) -> Probe:
        count, config = len(expected), self.config
        if config.data.classes:
            matrix = np.zeros((len(config.data.classes),) * 2, np.int64)
            np.add.at(matrix, (expected, answers.argmax(1)), 1)
            return Probe(step, epoch, self.validation, count, matrix, dead_share=dead)
        if config.data.guesses:
            return Probe(step, epoch, self.validation, count, np.zeros((0, 0), np.int64), dead_share=dead,
                         baseline=guessing.chance(self.split, config.data.units, expected),
                         right=float(guessing.right(answers, expected).mean()))
        r2 = _explained(expected, answers) if config.data.reconstructs else (
            regression_metrics(expected, answers)[2])
        return Probe(step, epoch, self.validation, count, np.zeros((0, 0), np.int64), r2,
                     loss_of_mean(config.loss, config.loss_parameters, expected), dead, self._unseen)


def _explained(expected: np.ndarray, answers: np.ndarray) -> float:
    """R² over all values together: of single pixels, many are nearly constant."""
    spread = float(np.square(expected - expected.mean(0)).mean())
    return 1 - float(np.square(expected - answers).mean()) / spread if spread else float("nan")
