"""The events that a worker sends during a run; `core.runs.history` is what they add up to."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Compiled:
    """The program is ready. seconds: spent on building and compiling, apart from training."""

    seconds: float
    parameters: int
    steps_per_epoch: int


@dataclass(frozen=True)
class Progress:
    """Some steps were taken. loss, metric: means over the examples seen since the last Progress.

    The metric is the accuracy, or where numbers are predicted the mean absolute error in their units.
    epoch: how many epochs are done, a fraction within one. seconds: of training so far, pauses and
    pacing left out. examples: trained on so far, counted once for each time seen.
    """

    step: int
    epoch: float
    loss: float
    metric: float
    seconds: float
    examples: int


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is over. Means over its examples, as Keras reports them; None without validation."""

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
    """The run waits at `step` for the learner (True) or goes on (False)."""

    step: int
    paused: bool


@dataclass(frozen=True)
class Checkpoint:
    """The run can go on from `step`, should its worker be lost: attempt `attempt` wrote a file."""

    step: int
    attempt: int


@dataclass(frozen=True)
class Resumed:
    """A later attempt begins at `step`, 0 where it has no file to go on from.

    epochs: done by then, validation included. seconds, examples: as those of a Progress.
    """

    step: int = 0
    epochs: int = 0
    seconds: float = 0.0
    examples: int = 0


@dataclass(frozen=True)
class Prediction:
    """What the network says of one test example. index: within the test set."""

    index: int
    label: int
    predicted: int
    confidence: float


@dataclass(frozen=True)
class Regions:
    """The class that the network gives each point of a square grid over two features.

    features: the two columns. low, high: the grid's corners, in the features' own units. The other
    features stand at their training mean. classes: uint8 (n, n), rows are the second feature.
    confidence: uint8 (n, n), the probability of that class times 255.
    """

    features: tuple[int, int]
    low: tuple[float, float]
    high: tuple[float, float]
    classes: np.ndarray
    confidence: np.ndarray


@dataclass(frozen=True)
class Predictions:
    """What the network says of test examples whose target is numbers, in the target's own units.

    indices: int (n,), of the test examples looked at, within the test set. expected, predicted: float32
    (n, outputs). mae, rmse, r2: over them, as `core.metrics.scores.regression_metrics` gives them; r2 is NaN
    where the target is constant or there are fewer than 2 examples. curve: where there is a single
    feature, what the network gives over a row of its values, x (k,) and y (k,), both in their own units.
    """

    indices: np.ndarray
    expected: np.ndarray
    predicted: np.ndarray
    mae: float
    rmse: float
    r2: float
    curve: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True)
class Evaluation:
    """What the test set says. matrix: int (classes, classes), rows are true, columns predicted.

    examples: how many it counts (live: the last 1000 looked at; final: all of them, `complete`).
    loss, metric: of those. gallery: for images, wrong ones first, the most confident first.
    wrong: for tables, indices of the test examples predicted wrongly. regions: None for images.
    numbers: None for classes. dead_share: of the units of relu layers, those that gave 0 for all of the
    last examples looked at; None where there is no relu layer.
    """

    step: int
    matrix: np.ndarray
    examples: int
    loss: float
    metric: float
    complete: bool
    gallery: tuple[Prediction, ...] = ()
    wrong: tuple[int, ...] = ()
    regions: Regions | None = None
    numbers: Predictions | None = None
    dead_share: float | None = None


@dataclass(frozen=True)
class Probe:
    """What examples that are held fixed say of the network when `epoch` epochs are done.

    validation: whether they are of the validation set; without one they are training examples, drawn from
    the seed. examples: how many. matrix: int (classes, classes), rows are true, columns predicted; empty
    where numbers are predicted. r2: of numbers, NaN for classes. baseline: of numbers, the loss of always
    answering their mean; NaN for classes. dead_share: of the units of relu layers, those that gave 0 for
    all of the examples; None where there is no relu layer.
    """

    step: int
    epoch: int
    validation: bool
    examples: int
    matrix: np.ndarray
    r2: float = float("nan")
    baseline: float = float("nan")
    dead_share: float | None = None


@dataclass(frozen=True)
class Finished:
    """The run is over. status: finished, stopped, diverged or failed. message: why, and what to do.

    weights: the trainable ones, then the others; None where there are too many. paths: their names, such
    as `dense_1/kernel`, in that order.
    """

    step: int
    status: str
    message: str = ""
    seconds: float = 0.0
    weights: tuple[np.ndarray, ...] | None = None
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parked:
    """The run left its worker at `step`, to go on from there when it has a place again.

    steps, epochs: single ones taken, of all that were asked for. ending: what the run ends with if it is
    stopped before it goes on.
    """

    step: int
    steps: int
    epochs: int
    ending: Finished


@dataclass(frozen=True)
class LayerRow:
    """One layer as Keras tells it. output_shape: without the batch. parameters: trained and not."""

    name: str
    class_name: str
    output_shape: tuple[int | None, ...]
    parameters: int


@dataclass(frozen=True)
class FinderProgress:
    """How far the search for a learning rate is.

    training: the number of the one under way, from 1; 0 before, in the sweep. trainings: how many there will
    be; 0 before the network is compiled. rate: what is tried now. share: of all steps, from 0 to 1.
    """

    training: int = 0
    trainings: int = 0
    rate: float = 0.0
    share: float = 0.0


@dataclass(frozen=True)
class FoundRates:
    """A sweep of learning rates, upward, a step each. rates, losses: float (n,), of each step's batch.

    suggestion: a rate that trains well; None where none did. tried: the rates at which the run was trained,
    (m,), and tried_losses, (m,), how each ended: with a loss of validation. doubt: why the suggestion is
    not sure, in a sentence; "" where it is. share: how much of the run these trainings were, from 0 to 1.
    solved: the loss below which all are equal.
    """

    rates: np.ndarray
    losses: np.ndarray
    suggestion: float | None
    tried: np.ndarray = field(default_factory=lambda: np.zeros(0))
    tried_losses: np.ndarray = field(default_factory=lambda: np.zeros(0))
    doubt: str = ""
    share: float = 0.0
    solved: float = 0.0


Event = (Compiled | Progress | EpochEnd | LearningRate | Paused | Checkpoint | Evaluation | Probe | Finished
         | Parked | Resumed)


def message_interval(active: int) -> float:
    """Seconds between two messages of a run when `active` runs share the worker.

    25 a second for a run alone; two a second each for thirty, so that the page server, which
    reads all of them, is not drowned.
    """
    return max(0.04, active / 60)
