"""The events that a worker sends during a run; `core.runs.history` is what they add up to."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Compiled:
    """The program is ready. `seconds` were spent on building and compiling it, apart from training."""

    seconds: float
    parameters: int
    steps_per_epoch: int


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
class Prediction:
    """The class predicted for example `index` of the test set, with its probability from 0 to 1."""

    index: int
    label: int
    predicted: int
    confidence: float


@dataclass(frozen=True)
class Regions:
    """The class that the network predicts at each point of a square grid over two features.

    Attributes:
        features: the two columns. All other features are held at their training mean.
        low, high: corners of the grid, in the features' own units.
        classes: uint8 (n, n), the predicted class; rows are the second feature.
        confidence: uint8 (n, n), the probability of that class times 255.
    """

    features: tuple[int, int]
    low: tuple[float, float]
    high: tuple[float, float]
    classes: np.ndarray
    confidence: np.ndarray


@dataclass(frozen=True)
class Predictions:
    """What the network predicts for test examples whose target is numbers, in the target's own units.

    Attributes:
        indices: int (n,), which test examples were looked at.
        expected, predicted: float32 (n, outputs).
        mae, rmse, r2: over these examples, from `core.metrics.scores.regression_metrics`; r2 is NaN if the
            target is constant or there are fewer than 2 examples.
        curve: with a single feature, its values x (k,) and the predictions y (k,), both in their own units;
            else None.
    """

    indices: np.ndarray
    expected: np.ndarray
    predicted: np.ndarray
    mae: float
    rmse: float
    r2: float
    curve: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True)
class LayerMaps:
    """What one layer gives for an example, in 256 levels.

    Attributes:
        node: Keras's name of the layer.
        channels: int (k,), which of its channels or units; of a series, a single 0.
        total: how many it has.
        levels: uint8 (k, rows, columns): feature maps; single values (1, 1); a series (units, steps). Filters
            have their colours as a last axis.
        low, high: what the levels 0 and 255 stand for.
    """

    node: str
    channels: np.ndarray
    total: int
    levels: np.ndarray
    low: float
    high: float


@dataclass(frozen=True)
class ExampleMaps:
    """What the layers of a network give for one test example.

    Attributes:
        example: its index.
        answers: float (units,), probabilities, or numbers in their own units.
        layers: of `core.runs.shown_layers`, in that order.
        filters: of a first convolution, one for each of its maps; None without one.
        fine: whether the maps are in detail, as at rest.
    """

    example: int
    answers: np.ndarray
    layers: tuple[LayerMaps, ...]
    filters: LayerMaps | None = None
    fine: bool = False


@dataclass(frozen=True)
class TriedAnswer:
    """What the network says of an input of the learner's own.

    Attributes:
        number: of the question, see `core.runs.tried.Tried`.
        step: training steps done by then.
        answers: float (units,), probabilities, or numbers in their own units.
        maps: what its layers give; None for small dense networks, and until that is compiled. Their example
            is `OWN_INPUT`.
    """

    number: int
    step: int
    answers: np.ndarray
    maps: ExampleMaps | None = None


# Stands for the index of a test example where maps are of the learner's own input.
OWN_INPUT = -1


@dataclass(frozen=True)
class Evaluation:
    """The network's results on the test set. All of them are of the same weights: those after `step`.

    Attributes:
        step: training steps done by then.
        matrix: int (classes, classes), the confusion matrix; rows are true classes, columns predicted ones.
        examples: how many it counts: during the run, the same ones each time; at the end, all of them.
        loss, metric: means over those examples.
        complete: whether it covers the whole test set.
        gallery: for images, wrong predictions first, and among them the most confident first.
        wrong: for tables, the indices of wrongly predicted test examples.
        regions: decision regions; None for images.
        numbers: the predictions; None for classes.
        dead_share: share of relu units that output 0 for all of these examples; None without relu layers.
        weights: of a small dense network, float32: those that everything else here was computed from, in the
            order of `core.runs.dense_steps.weight_names`; None for other networks.
        total: examples in the test set; 0 where nobody said.
        indices: int (examples,), which of them it counts, ascending; None for all.
        maps: of another network, what its layers give for the chosen test example; None until that is
            compiled.
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
    weights: tuple[np.ndarray, ...] | None = None
    total: int = 0
    indices: np.ndarray | None = None
    maps: ExampleMaps | None = None


@dataclass(frozen=True)
class Probe:
    """The network's results on a fixed set of validation examples after an epoch, for the coach.

    Attributes:
        step, epoch: training steps and epochs done by then.
        validation: whether the examples are from the validation set. Without one, they are training examples
            drawn from the seed.
        examples: how many.
        matrix: int (classes, classes), rows are true classes; empty where numbers are predicted.
        r2: for numbers; NaN for classes.
        baseline: for numbers, the loss of always predicting their mean; NaN for classes.
        dead_share: share of relu units that output 0 for all of the examples; None without relu layers.
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
        steps, epochs: how many of the single steps and epochs asked for were taken.
        ending: how the run ends if it is stopped before it continues.
    """

    step: int
    steps: int
    epochs: int
    ending: Finished


@dataclass(frozen=True)
class LayerRow:
    """One layer as Keras describes it. `output_shape` leaves out the batch; all `parameters` count."""

    name: str
    class_name: str
    output_shape: tuple[int | None, ...]
    parameters: int


@dataclass(frozen=True)
class FinderProgress:
    """How far the search for a learning rate is.

    Attributes:
        training: number of the training in progress, from 1; 0 during the sweep before.
        trainings: how many there will be; 0 before the network is compiled.
        rate: the learning rate being tried.
        share: of all steps, 0 to 1.
    """

    training: int = 0
    trainings: int = 0
    rate: float = 0.0
    share: float = 0.0


@dataclass(frozen=True)
class FoundRates:
    """The result of the learning-rate finder.

    Attributes:
        rates, losses: float (n,), the rising rates of the sweep, and the loss of each step's batch.
        suggestion: a rate that trains well; None if none did.
        tried, tried_losses: float (m,), the rates of the short trainings, and the validation loss at the end
            of each.
        doubt: why the suggestion is uncertain, in a sentence; empty if it is not.
        share: length of these trainings relative to the whole run, 0 to 1.
        solved: the loss below which all results count as equal.
    """

    rates: np.ndarray
    losses: np.ndarray
    suggestion: float | None
    tried: np.ndarray = field(default_factory=lambda: np.zeros(0))
    tried_losses: np.ndarray = field(default_factory=lambda: np.zeros(0))
    doubt: str = ""
    share: float = 0.0
    solved: float = 0.0


Event = (Compiled | Progress | EpochEnd | LearningRate | Paused | Checkpoint | Evaluation | Probe
         | MomentWeights | Finished | Parked | Resumed | Starting | TriedAnswer)


def message_interval(active: int) -> float:
    """Seconds between two messages of a run when `active` runs share its worker.

    25 messages a second for a single run, and two a second each for thirty runs, so that the page process,
    which reads all of them, keeps up.
    """
    return max(0.04, active / 60)
