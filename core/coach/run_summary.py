"""`RunSummary`: a run's history as the few numbers that the rules read."""

import math
from typing import NamedTuple

import numpy as np

from core.coach.baseline_loss import ChanceLevel, guess
from core.datasets import Dataset
from core.runs.config import RunConfig
from core.runs.evaluations import Probe
from core.runs.history import History
from core.runs.run import ENDED

# Fewer epochs or steps than this are too few to judge a run in progress.
FEWEST_EPOCHS, FEWEST_STEPS = 8, 60
# What the other words tell about a hidden one, as a share of the loss of knowing only how frequent words are:
# most words cannot be guessed, so a network that gets so far has learned well.
GUESSABLE = 0.1


class Trend(NamedTuple):
    """A least-squares line through the last third of a curve; used to judge, not to show.

    Attributes:
        level: its value at the end.
        fall: how far it fell; below 0 if it rose.
        noise: standard deviation of the curve around the line.
    """

    level: float
    fall: float
    noise: float

    @classmethod
    def of(cls, values: np.ndarray) -> "Trend":
        """values: float (n,), n at least 1; with a single value, fall and noise are 0."""
        part = values[-third(len(values)):]
        if len(part) == 1:
            return cls(float(part[0]), 0.0, 0.0)
        place = np.arange(len(part)) - (len(part) - 1) / 2
        mean = part.mean()
        slope = place @ part / (place @ place)
        noise = math.sqrt(((part - mean - slope * place) ** 2).mean())
        return cls(float(mean + slope * place[-1]), float(-slope * (len(part) - 1)), noise)


def third(count: int) -> int:
    """How many of `count` values make up the last third: at least three, if there are that many."""
    return max(3, -(-count // 3))


class RunSummary(NamedTuple):
    """The numbers about a run that the rules read. None of them comes from the test set.

    Attributes:
        over: whether the run has ended.
        diverged: whether it ended because its loss was not a number.
        finished: whether it reached its planned end.
        epochs, steps: done so far.
        examples: number of training examples per epoch.
        loss, metric: training loss and metric, float (epochs,), at least one epoch.
        val_loss, val_metric: the same for validation, float (epochs,); empty without a validation set.
        first: loss of the first step, where the curve begins.
        begin: the largest loss of the first steps and the first epoch.
        first_steps: losses within the only epoch; empty if there are more epochs.
        training, validation: trends of the two losses.
        guess: the result of an answer that ignores the input.
        scale: the loss of that guess, or else the first loss; losses are judged relative to it.
        learned: share of the way from the guess to perfection; below 0 if worse than the guess.
        validated: the same for the validation loss; NaN without it.
        rate: the base learning rate that was last in effect.
        probe: the last results on validation examples, or on training examples.
    """

    config: RunConfig
    data: Dataset
    over: bool
    diverged: bool
    finished: bool
    epochs: int
    steps: int
    steps_per_epoch: int
    examples: int
    parameters: int
    loss: np.ndarray
    metric: np.ndarray
    val_loss: np.ndarray
    val_metric: np.ndarray
    first_steps: np.ndarray
    first: float
    begin: float
    training: Trend
    validation: Trend | None
    guess: ChanceLevel
    scale: float
    learned: float
    validated: float
    rate: float
    probe: Probe | None

    @property
    def settled(self) -> bool:
        """Whether the run is long enough for a verdict that the next epochs will not overturn."""
        if self.over:
            return self.steps >= FEWEST_STEPS / 2
        return self.epochs >= FEWEST_EPOCHS and self.steps >= FEWEST_STEPS

    @classmethod
    def of(cls, config: RunConfig, history: History, status: str) -> "RunSummary | None":
        """The summary of a run so far; None while there is nothing to look at."""
        over, diverged, table = status in ENDED, status == "diverged", history.table("epochs")
        table = table[:len(table) if over else counted(len(table))]
        broken = ~np.isfinite(table[:, 1])
        if broken.any():
            table, diverged = table[:int(broken.argmax())], True
        progress, compiled = history.progress, history.compiled
        if not diverged and (progress is None or not (over or len(table))):
            return None
        data, probe, curves = config.data, history.probe, _curves(table, history)
        answer = guess(config, data, probe)
        first = history.steps[0][2] if history.steps else float(curves.loss[0])
        begin = max([row[2] for row in history.steps[:3]] + [float(curves.loss[0])])
        scale = answer.loss if math.isfinite(answer.loss) else begin
        training, validation = Trend.of(curves.loss), curves.val_loss
        return cls(
            config, data, over, diverged, status == "finished", len(table), progress.step if progress else 0,
            compiled.steps_per_epoch if compiled else 1,
            round(progress.examples / progress.epoch) if progress and progress.epoch else 0,
            compiled.parameters if compiled else 0, *curves, first, begin, training,
            Trend.of(validation) if len(validation) else None, answer, scale,
            _learned(data, answer, scale, training, curves.metric, probe),
            1 - float(validation[-1]) / scale if len(validation) and scale else math.nan,
            history.learning_rates[-1][1] if history.learning_rates else config.learning_rate, probe)


class _Curves(NamedTuple):
    """The curves in `RunSummary`, which says what they are."""

    loss: np.ndarray
    metric: np.ndarray
    val_loss: np.ndarray
    val_metric: np.ndarray
    first_steps: np.ndarray


def _curves(table: np.ndarray, history: History) -> _Curves:
    """The curves of the epochs in `table`, or of the last step if no epoch has ended; NaN where unknown."""
    none, first = np.zeros(0), history.table("steps")[:, 2] if len(table) < 2 else np.zeros(0)
    if not len(table):
        unknown = np.full(1, np.nan)
        return _Curves(first[-1:] if len(first) else unknown, unknown, none, none, first)
    if not np.isfinite(table[:, 3]).all():
        return _Curves(table[:, 1], table[:, 2], none, none, first)
    return _Curves(table[:, 1], table[:, 2], table[:, 3], table[:, 4], first)


def counted(epochs: int) -> int:
    """How many epochs of a run in progress the coach looks at; up to an eighth of them is left for later.

    This keeps the advice from flickering, and it is only computed now and then.
    """
    return epochs - epochs % (1 << max(0, epochs.bit_length() - 4))


def _learned(data: Dataset, answer: ChanceLevel, scale: float, training: Trend, metric: np.ndarray,
             probe: Probe | None) -> float:
    """From the loss, or from the accuracy or R² if that is higher: a penalty makes losses large."""
    by = [1 - training.level / answer.loss] if math.isfinite(answer.loss) and answer.loss > 0 else []
    if data.guesses:
        by = [share / GUESSABLE for share in by]
    if data.classes:
        late = float(metric[-max(1, len(metric) // 3):].mean())
        if math.isfinite(late):
            by.append((late - answer.share) / max(1 - answer.share, 1e-9))
    elif probe is not None:
        by.append(probe.r2)
    known = [share for share in by if math.isfinite(share)]
    return max(known) if known else 1 - training.level / scale if scale else 0.0
