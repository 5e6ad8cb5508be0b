"""What the coach looks at: a run's history in the few numbers that its rules read."""

import math
from typing import NamedTuple

import numpy as np

from core.coach.guessing import Guess, guess
from core.config import RunConfig
from core.datasets import Dataset
from core.results import Evaluation, History
from core.run import ENDED

# Before so many epochs and steps nothing is said of a run under way.
FEWEST_EPOCHS, FEWEST_STEPS = 8, 60


class Trend(NamedTuple):
    """A line through the last third of a curve, by least squares.

    level: where it ends. fall: how far it fell on the way, below 0 where it rose. noise: the standard
    deviation of the curve around it.
    """

    level: float
    fall: float
    noise: float

    @classmethod
    def of(cls, values: np.ndarray) -> "Trend":
        """values: float (n,), n at least 1; of a single one there is neither fall nor noise."""
        part = values[-max(2, -(-len(values) // 3)):]
        if len(part) == 1:
            return cls(float(part[0]), 0.0, 0.0)
        place = np.arange(len(part)) - (len(part) - 1) / 2
        mean = part.mean()
        slope = place @ part / (place @ place)
        noise = math.sqrt(((part - mean - slope * place) ** 2).mean())
        return cls(float(mean + slope * place[-1]), float(-slope * (len(part) - 1)), noise)


class Seen(NamedTuple):
    """A run, looked at once.

    over: whether it has ended; diverged: whether by a loss that is no number. steps: taken so far.
    finished: whether it got to its end. examples: trained on in an epoch. loss, metric: of the training,
    float (epochs,); val_loss: empty without validation. begin: the largest loss that it told of at first.
    first_steps: losses within the first epoch, empty from the second on. training, validation: their trends. guess: what an answer without looking gets. scale: the loss of that guess, or else the first
    one: what a loss is large or small by. learned: share of the way from the guess to perfection, below 0
    where it is worse. rate: the learning rate that counts last. usual: one that such a network usually
    learns with.
    """

    config: RunConfig
    data: Dataset
    over: bool
    diverged: bool
    finished: bool
    epochs: int
    steps: int
    examples: int
    loss: np.ndarray
    metric: np.ndarray
    val_loss: np.ndarray
    begin: float
    first_steps: np.ndarray
    training: Trend
    validation: Trend | None
    guess: Guess
    scale: float
    learned: float
    rate: float
    evaluation: Evaluation | None
    parameters: int

    @property
    def settled(self) -> bool:
        """Whether so much was seen that a moment later it is still true."""
        return self.steps >= FEWEST_STEPS / 2 if self.over else (
            self.epochs >= FEWEST_EPOCHS and self.steps >= FEWEST_STEPS)

    @property
    def steps_per_epoch(self) -> int:
        return max(1, round(self.steps / max(self.epochs, 1)))

    @property
    def stuck(self) -> bool:
        """Whether it does hardly better than a guess, and is not on its way."""
        return self.settled and self.learned < 0.1 and self.training.fall < 0.05 * self.scale

    @classmethod
    def of(cls, config: RunConfig, history: History, status: str) -> "Seen | None":
        """The run's history as far as it counts; None while there is nothing to look at."""
        over, diverged = status in ENDED, status == "diverged"
        table = history.table("epochs")
        table = table[:len(table) if over else counted(len(table))]
        broken = ~np.isfinite(table[:, 1])
        if broken.any():
            table, diverged = table[:int(broken.argmax())], True
        if not diverged and (history.progress is None or not (over or len(table))):
            return None
        return cls._of(config, history, over, diverged, table, status == "finished")

    @classmethod
    def _of(cls, config: RunConfig, history: History, over: bool, diverged: bool, table: np.ndarray,
            finished: bool) -> "Seen":
        data, progress = config.data, history.progress
        first_steps = history.table("steps")[:, 2] if len(table) < 2 else np.zeros(0)
        loss = table[:, 1] if len(table) else first_steps[-1:] if len(first_steps) else np.full(1, np.nan)
        metric = table[:, 2] if len(table) else np.full(1, np.nan)
        val_loss = table[:, 3] if len(table) and np.isfinite(table[:, 3]).all() else np.zeros(0)
        early = [row[2] for row in history.steps[:3]] + [float(loss[0])]
        begin, answer = max(early), guess(config, data, history.evaluation)
        training = Trend.of(loss)
        scale = answer.loss if math.isfinite(answer.loss) else begin
        return cls(
            config, data, over, diverged, finished, len(table), progress.step if progress else 0,
            round(progress.examples / progress.epoch) if progress and progress.epoch else 0,
            loss, metric, val_loss, begin, first_steps, training,
            Trend.of(val_loss) if len(val_loss) else None, answer, scale,
            _learned(data, answer, scale, training, metric, history.evaluation),
            history.learning_rates[-1][1] if history.learning_rates else config.learning_rate,
            history.evaluation, history.compiled.parameters if history.compiled else 0)


def counted(epochs: int) -> int:
    """So many of the epochs of a run under way are looked at: an eighth or less is left for later.

    So what is said of it does not flicker, and is worked out now and then only.
    """
    return epochs - epochs % (1 << max(0, epochs.bit_length() - 4))


def _learned(data: Dataset, answer: Guess, scale: float, training: Trend, metric: np.ndarray,
             evaluation: Evaluation | None) -> float:
    """By the loss or, where that says more, by the accuracy or R²: a penalty makes losses large."""
    by = [1 - training.level / answer.loss] if math.isfinite(answer.loss) and answer.loss > 0 else []
    if data.classes:
        late = float(metric[-max(1, len(metric) // 3):].mean())
        if math.isfinite(late):
            by.append((late - answer.share) / max(1 - answer.share, 1e-9))
    elif evaluation is not None and evaluation.numbers is not None:
        by.append(evaluation.numbers.r2)
    known = [one for one in by if math.isfinite(one)]
    return max(known) if known else 1 - training.level / scale
