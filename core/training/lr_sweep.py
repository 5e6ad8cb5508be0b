"""The learning-rate finder: a sweep of rising rates, then short trainings at good ones."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from core.datasets.splits import split
from core.metrics.lr_finder import (
    FAR,
    LEAST_FALL,
    NEAR,
    SOLVED,
    around,
    chosen,
    doubt,
    end_of_sweep,
    far_apart,
    lowest,
    sweep_rates,
)
from core.parameters import FieldError
from core.runs.answers import FinderProgress, FoundRates
from core.runs.config import RunConfig
from core.settings import Settings
from core.training.compile import products
from core.training.model import build_model
from core.training.numbers import Numbers
from core.training.plan import Plan
from core.training.program import LOSS, SEEN, data_of
from core.training.program_cache import program_for
from core.training.step_data import State

LOW, HIGH, STEPS = 1e-6, 10.0, 140
# Trainings at each rate near the best: the run's own first weights, and others. Fewer if they have to be
# shorter than the run.
TRAININGS, SHORT_TRAININGS = 4, 2
# Limits of all trainings together: multiply-adds and steps, since steps take time even in small networks.
MOST_PRODUCTS, MOST_STEPS = 2.5e11, 60_000
# The same limits for one call of the program, after which a search can be cancelled: some tenths of a second.
CALL_PRODUCTS, CALL_STEPS = 1e9, 300

Tell = Callable[[FinderProgress], None]


def sweep(config: RunConfig, settings: Settings, tell: Tell = lambda progress: None) -> FoundRates:
    """A learning rate for `config`: a sweep shows where the loss falls, short trainings find the best.

    Uses the run's own program, whose learning rates are arguments, so nothing else is compiled. How much is
    trained depends on the config alone, never on the time it takes. tell: receives the progress several times
    a second; an exception from it ends the search. Raises `limits.OverBudget` if the network, or a step, is
    too large, and `FieldError` for a config with a start: all its trainings begin with new weights.
    """
    if config.start is not None:
        raise FieldError("start", "The finder looks for the learning rate of a network with new weights. "
                         "Remove the start first, or try a tenth of the rate that it was trained with.")
    tell(FinderProgress())
    trial = _Trial(config, settings, tell)
    rates, losses = trial.sweep()
    far = {rate: trial.trained(0, rate)[1] for rate in far_apart(float(rates[-1]))}
    middle = lowest(far)
    if not far[middle] < (1 - LEAST_FALL) * trial.untrained:
        return FoundRates(rates, losses, None)
    both = {rate: [trial.trained(number, rate) for number in range(trial.trainings)]
            for rate in around(middle)}
    near = {rate: np.array([end for _, end in ends]) for rate, ends in both.items()}
    halfway = {rate: ends[0][0] for rate, ends in both.items()} if trial.share < 1 else None
    tried = far | {rate: float(ends[0]) for rate, ends in near.items()}
    in_order, solved = sorted(tried), SOLVED * trial.untrained
    return FoundRates(rates, losses, chosen(near, solved), np.array(in_order),
                      np.array([tried[rate] for rate in in_order]), doubt(far, near, halfway, solved),
                      trial.share, solved)


class _Trial:
    """A config's program, and short trainings with it. share: length of each, relative to a whole run."""

    def __init__(self, config: RunConfig, settings: Settings, tell: Tell):
        found = split(config.data, config.preparation)
        self.config, self.model = config, build_model(config)
        self.plan, self.data = Plan.of(config, found, self.model), data_of(found)
        self.program = program_for(config, self.plan, self.data, settings)
        once = products(self.model)
        whole, step = config.epochs * self.plan.steps, 3 * once * self.plan.batch_size
        item = max(step, once * self.plan.validation_slice, 1)
        self.at_once = max(1, min(int(CALL_PRODUCTS / item), CALL_STEPS))
        affordable = min(MOST_PRODUCTS / max(step, 1), MOST_STEPS)
        full = (FAR + NEAR * TRAININGS) * whole <= affordable
        self.trainings = TRAININGS if full else SHORT_TRAININGS
        self.steps = whole if full else max(2, min(whole, int(affordable / (FAR + NEAR * SHORT_TRAININGS))))
        self.share = self.steps / whole
        # Items of a training: its steps, and the slices of validation at ends of epochs and by `judged`.
        self._items = self.steps + (self.steps // self.plan.steps + 2) * self.plan.slices
        self._tell, self._done = tell, 0.0
        self._progress = FinderProgress(trainings=FAR + NEAR * self.trainings)
        self.untrained = _Run(self, config.seed, 0.0).judged()

    def sweep(self) -> tuple[np.ndarray, np.ndarray]:
        """Up to 140 steps from 1e-6 to 10, until the loss is lost: rates and losses, (n,) each."""
        rates, losses = sweep_rates(LOW, HIGH, STEPS), list[float]()
        run = _Run(self, self.config.seed, 0.0)
        for step, rate in enumerate(rates):
            self._progress = replace(self._progress, rate=float(rate))
            totals = run.on(step, 1, float(rate))
            losses.append(float(totals[LOSS] / totals[SEEN]))
            if not math.isfinite(losses[-1]) or end_of_sweep(losses) is not None:
                break
        return rates[:len(losses)], np.array(losses)

    def trained(self, number: int, rate: float) -> tuple[float, float]:
        """The loss half-way and at the end of a training at `rate`. number: 0 for the run itself, others for
        the same with other first weights and another order."""
        self._done = float(self._progress.training)
        self._progress = replace(self._progress, training=self._progress.training + 1, rate=rate)
        run, half = _Run(self, self.config.seed + number, rate), self.steps // 2
        run.to(half)
        earlier = run.judged()
        run.to(self.steps)
        return earlier, run.judged()

    def observe(self, items: int) -> None:
        """Report that many more items as done. Raises whatever ends the search."""
        self._done = min(self._done + items / self._items, float(self._progress.training))
        self._tell(replace(self._progress, share=self._done / self._progress.trainings))


class _Run:
    """One training in progress, with a trial's program. step: how many steps are done."""

    def __init__(self, trial: _Trial, seed: int, rate: float):
        self._trial, self._seed, self._rate = trial, seed, rate
        self._state: State = trial.program.initial_state(seed, trial.model)
        self._window = -1
        self._numbers: Any = None
        self._order: Any = None
        self._seen, self._lowest = np.zeros(6), math.inf
        self.step = 0

    def on(self, step: int, count: int, rate: float) -> np.ndarray:
        """`count` steps of one epoch from `step` on, all at `rate`; their sums, (6,)."""
        epoch, place = divmod(step, self._trial.plan.steps)
        self._open(epoch)
        self._numbers = self._numbers._replace(rates=np.full_like(self._numbers.rates, rate))
        self._seen = self._called(epoch, place, count)
        return self._seen

    def to(self, step: int) -> None:
        """On to the end of training step `step`, with the config's own schedule."""
        plan = self._trial.plan
        tail = 0 if plan.validation else min(plan.steps, max(1, step // 4))
        for end in (step - tail, step):
            self._seen = np.zeros(6)
            while self.step < end:
                epoch, place = divmod(self.step, plan.steps)
                self._open(epoch)
                left = (self._window + 1) * plan.window * plan.steps - self.step
                count = min(end - self.step, left)
                self.step += count
                after, more = divmod(self.step, plan.steps)
                self._seen += self._called(epoch, place, (after - epoch) * plan.items + more - place)

    def judged(self) -> float:
        """The loss of validation now, or with early stopping the lowest of all epochs; without a validation
        set that of the last steps."""
        plan = self._trial.plan
        if not plan.validation:
            if not self.step:
                self.on(0, 1, 0.0)
            return float(self._seen[LOSS] / self._seen[SEEN])
        self._open(max(self.step - 1, 0) // plan.steps)
        sums = self._called(self._window * plan.window, plan.steps, plan.slices)
        now = float(sums[3 + LOSS] / sums[3 + SEEN])
        return min(now, self._lowest) if self._trial.config.patience else now

    def _open(self, epoch: int) -> None:
        """Load the window that contains `epoch`."""
        trial, plan = self._trial, self._trial.plan
        if epoch // plan.window != self._window:
            self._window = epoch // plan.window
            first = self._window * plan.window
            self._numbers = Numbers.of(trial.config, plan, trial.data.y, first, self._rate)
            self._order = plan.order(self._seed, first)

    def _called(self, epoch: int, place: int, count: int) -> np.ndarray:
        """`count` items of the open window, from item `place` of `epoch` on; their sums, (6,)."""
        trial, plan = self._trial, self._trial.plan
        first = (epoch - self._window * plan.window) * plan.items + place
        end, found, sums = first + count, np.zeros(6), np.zeros(6, np.float32)
        while first < end:
            some = min(end - first, trial.at_once)
            self._state, sums, totals, rows = trial.program.run(
                self._state, self._numbers, trial.data, self._order, np.int32(first), np.int32(some), sums)
            # Only completed epochs: in others, validation may be half done.
            done = np.asarray(rows)[first // plan.items:(first + some) // plan.items]
            validated = done[done[:, 3 + SEEN] > 0]
            if len(validated):
                self._lowest = min(self._lowest,
                                   float((validated[:, 3 + LOSS] / validated[:, 3 + SEEN]).min()))
            found, first = found + np.asarray(totals), first + some
            trial.observe(some)
        return found
