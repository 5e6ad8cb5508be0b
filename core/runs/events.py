"""The events that a worker sends during a run; `core.runs.history` is what they add up to."""

from dataclasses import dataclass

import numpy as np

from core.runs.evaluations import Evaluation, Probe, TriedAnswer


@dataclass(frozen=True)
class Lowest:
    """What no network can stay below on new examples, but for luck, because of the noise in the data.

    Attributes:
        loss: without the penalty of weights; None where nobody knows.
        metric: the mean absolute error in the target's units.
        rmse: the root mean squared error in the target's units.
    """

    loss: float | None
    metric: float
    rmse: float


@dataclass(frozen=True)
class Compiled:
    """The program is ready. `seconds` were spent on building and compiling it, apart from training.

    lowest: None where nobody knows.
    """

    seconds: float
    parameters: int
    steps_per_epoch: int
    lowest: Lowest | None = None


@dataclass(frozen=True)
class Starting:
    """The start of the run is being trained (see `core.runs.start`): `done` of its `steps` so far."""

    done: int
    steps: int


@dataclass(frozen=True)
class Progress:
    """Some steps were taken.

    Attributes:
        step: training steps done so far.
        epoch: epochs done so far, with a fraction within an epoch.
        loss: mean over the examples seen since the last Progress.
        metric: the same mean of the accuracy or, where numbers are predicted, of the absolute error in their
            units.
        seconds: training time so far, without pauses and pacing.
        examples: trained on so far, counted each time they are seen.
    """

    step: int
    epoch: float
    loss: float
    metric: float
    seconds: float
    examples: int


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is over.

    Attributes:
        epoch: its number, from 1.
        step: training steps done so far.
        loss, metric: means over the epoch's training examples, as Keras reports them.
        val_loss, val_metric: the same over the validation set; None without one.
    """

    epoch: int
    step: int
    loss: float
    metric: float
    val_loss: float | None
    val_metric: float | None


@dataclass(frozen=True)
class LearningRate:
    """The learning rate changed before step `step` (0 is the first)."""

    step: int
    learning_rate: float


@dataclass(frozen=True)
class Paused:
    """The run waits at `step` for the learner (`paused`), or continues."""

    step: int
    paused: bool


@dataclass(frozen=True)
class Checkpoint:
    """The run can continue from `step` if its worker is lost: attempt number `attempt` wrote a file."""

    step: int
    attempt: int


@dataclass(frozen=True)
class Resumed:
    """A later attempt begins at `step`: 0 if there is no file to continue from.

    `epochs` were completed by then, validation included; `seconds` and `examples` are as in `Progress`.
    """

    step: int = 0
    epochs: int = 0
    seconds: float = 0.0
    examples: int = 0


@dataclass(frozen=True)
class MomentWeights:
    """The weights after `step`, of a network whose evaluations do not have them: sent now and then.

    weights: float32, the trained ones, then the others, without the seeds of Dropout.
    """

    step: int
    weights: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Finished:
    """The run is over.

    Attributes:
        step: training steps done.
        status: `finished`, `stopped`, `diverged` or `failed`.
        message: why, and what to do.
        seconds: training time.
        weights: the trainable ones, then the others; None if there are too many to send.
        paths: their names in that order, such as `dense_1/kernel`.
    """

    step: int
    status: str
    message: str = ""
    seconds: float = 0.0
    weights: tuple[np.ndarray, ...] | None = None
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parked:
    """The run left its worker at `step`, and continues from there when it has a place again.

    Attributes:
        steps, epochs: how many of the single steps and epochs (of agents: episodes) asked for were taken.
        ending: how the run ends if it is stopped before it continues.
    """

    step: int
    steps: int
    epochs: int
    ending: Finished


Event = (Compiled | Progress | EpochEnd | LearningRate | Paused | Checkpoint | Evaluation | Probe
         | MomentWeights | Finished | Parked | Resumed | Starting | TriedAnswer)


def message_interval(active: int) -> float:
    """Seconds between two messages of a run when `active` runs share its worker.

    25 messages a second for a single run, and two a second each for thirty runs, so that the page process,
    which reads all of them, keeps up.
    """
    return max(0.04, active / 60)
