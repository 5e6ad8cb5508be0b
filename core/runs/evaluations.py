"""What a network does with examples: results on test and validation sets, and answers to single inputs."""

from dataclasses import dataclass

import numpy as np

from core.runs.guesses import Guesses
from core.runs.recommended import Recommended

# Stands for the index of a test example where maps are of the learner's own input.
OWN_INPUT = -1


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
class Reconstructions:
    """How close the network comes to its inputs, and some of them to draw.

    An error is the root of the mean squared difference over an example's values, as the network sees them:
    pixels from 0 to 1, other values in standard deviations (unless they are not scaled).

    Attributes:
        shown: int (k,), which test examples are drawn, the chosen one first.
        inputs, outputs: (k, values): uint8 levels of pixels from black to white; else float32.
        errors: float32 (n,), of each example that the evaluation counts, in its order.
        by_value: float32 (values,), the same over the examples, for each value; empty for large inputs.
        square: the mean squared difference over all examples and values.
        guess: the mean error of always answering the mean of the training examples.
        explained: 1 minus `square` divided by that of the guess.
        anomalous: where anomalies are to be found, bool (n,), which of these examples are; `square`, `guess`
            and `explained` are then of the normal ones. Else None.
        area: area under the ROC curve: the chance that an anomaly has a larger error than a normal example.
            NaN without both.
        odd: of the shown examples, bool (k,), which are anomalous; None as above.
    """

    shown: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray
    errors: np.ndarray
    by_value: np.ndarray
    square: float
    guess: float
    explained: float
    anomalous: np.ndarray | None = None
    area: float = float("nan")
    odd: np.ndarray | None = None


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
        words: of hidden words, those that the answers are the probabilities of; else empty.
    """

    example: int
    answers: np.ndarray
    layers: tuple[LayerMaps, ...]
    filters: LayerMaps | None = None
    fine: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flip:
    """The smallest change of a single feature that changes the predicted class.

    Attributes:
        field: of `core.runs.input_fields.fields`.
        value: the new number in its own units, or which of the options.
        to: the class that is predicted then.
    """

    field: int
    value: float
    to: int


@dataclass(frozen=True)
class TriedAnswer:
    """What the network says of an input of the learner's own.

    Attributes:
        number: of the question, see `core.runs.tried.Tried`.
        step: training steps done by then.
        answers: float (units,), probabilities, or numbers in their own units.
        maps: what its layers give; None for small dense networks, and until that is compiled. Their example
            is `OWN_INPUT`.
        contributions: of a sentence, float (words, units): how much each answer falls if the word is left
            out; None for other inputs.
        gradients: of a sentence, float (words, units): how much each word adds to each answer by integrated
            gradients; None where nobody asked for it, and until that is compiled.
        nothing: float (units,), the answers to a sentence whose words are all vectors of zeros. `gradients`
            add up to the difference to it.
        unknown: of a sentence, bool (words,): which of them the vocabulary does not have; else None.
        flip: what would have to change for another class; None if no single feature is enough.
        scanned: whether that was looked for, as for tables.
        words: as in `ExampleMaps`.
        recommended: of users and items; then the answers are the predicted ratings of the best items.
    """

    number: int
    step: int
    answers: np.ndarray
    maps: ExampleMaps | None = None
    contributions: np.ndarray | None = None
    unknown: np.ndarray | None = None
    flip: Flip | None = None
    scanned: bool = False
    recommended: Recommended | None = None
    gradients: np.ndarray | None = None
    nothing: np.ndarray | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """The network's results on the test set. All of them are of the same weights: those after `step`.

    Attributes:
        step: training steps done by then.
        matrix: int (classes, classes), the confusion matrix; rows are true classes, columns predicted ones.
        examples: how many it counts: during the run, the same ones each time; at the end, all of them.
        loss, metric: means over those examples; where anomalies are to be found, over the normal ones of
            them.
        complete: whether it covers the whole test set.
        gallery: for images and sentences, wrong predictions first, and among them the most confident first.
        wrong: for tables and sentences, the indices of wrongly predicted test examples; of hidden words,
            those of the sentences whose word is not guessed.
        regions: decision regions; None for images.
        numbers: the predictions; None for classes.
        dead_share: share of relu units that output 0 for all of these examples; None without relu layers.
        weights: of a small dense network, float32: those that everything else here was computed from, in the
            order of `core.runs.dense_steps.weight_names`; None for other networks.
        total: examples in the test set; 0 where nobody said.
        indices: int (examples,), which of them it counts, ascending; None for all.
        predicted: uint8 (examples,), the class predicted for each of them; None for numbers, and in runs that
            an earlier version stored.
        maps: of another network, what its layers give for the chosen test example; None until that is
            compiled.
        reconstructions: where the target is the input; else None.
        guesses: of hidden words; else None.
        places: of ratings, float32 (items + 1, 2): a map of the items, NaN for unknown ones; else None.
        measures: further results on the whole test set, by their names in `core.metrics.measures.FURTHER`.
        liked: of ratings, int32 (k, 2): users, and the place of the item that each likes and that was kept
            apart, as in `core.metrics.ranked_items.RankedItems`. Only at the end of a run; else None.
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
    predicted: np.ndarray | None = None
    maps: ExampleMaps | None = None
    reconstructions: Reconstructions | None = None
    guesses: Guesses | None = None
    places: np.ndarray | None = None
    measures: tuple[tuple[str, float], ...] = ()
    liked: np.ndarray | None = None


@dataclass(frozen=True)
class Probe:
    """The network's results on a fixed set of validation examples after an epoch, for the coach.

    Attributes:
        step, epoch: training steps and epochs done by then.
        validation: whether the examples are from the validation set. Without one, they are training examples
            drawn from the seed.
        examples: how many.
        matrix: int (classes, classes), rows are true classes; empty where numbers are predicted.
        right: share of hidden words that are guessed; NaN for all else.
        r2: for numbers; NaN for classes.
        baseline: for numbers, the loss of always predicting their mean; NaN for classes.
        dead_share: share of relu units that output 0 for all of the examples; None without relu layers.
        unseen: share of the examples with a user or an item that no training example has; 0 for other data.
    """

    step: int
    epoch: int
    validation: bool
    examples: int
    matrix: np.ndarray
    r2: float = float("nan")
    baseline: float = float("nan")
    dead_share: float | None = None
    unseen: float = 0.0
    right: float = float("nan")
