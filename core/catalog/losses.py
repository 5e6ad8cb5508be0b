"""The loss functions on offer for each task: Keras's classes, their parameters, and class weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from core.datasets.dataset import Dataset
from core.parameters import FloatRange, Parameter

NUMBERS = ("regression", "forecasting", "reconstruction")


class InKeras(NamedTuple):
    """A loss as Keras code: `keras.losses.CLASS_NAME(**arguments)`.

    one_hot: whether it expects classes as rows of 0 and 1 (`keras.utils.to_categorical`), not as indices.
    """

    class_name: str
    arguments: dict[str, Any]
    one_hot: bool


@dataclass(frozen=True)
class Loss:
    """One loss: Keras's `class_name` and `fixed` arguments, and `parameters` for the learner.

    Attributes:
        output: activation of the output layer that Keras's class needs: `linear` if it reads logits or
            numbers, else `softmax` or `sigmoid`.
        one_hot: as in `InKeras`.
        axis: title of a chart's axis.
        smoothed: the class that takes `label_smoothing` instead, if Keras has another one for it.
        binary: for two classes only, with a single output: the logit of the second class.
        pixels: for images only, whose pixels are from 0 to 1.
    """

    name: str
    label: str
    help: str
    tasks: tuple[str, ...]
    class_name: str
    output: str
    axis: str
    parameters: tuple[Parameter, ...] = ()
    fixed: dict[str, Any] = field(default_factory=dict)
    one_hot: bool = False
    smoothed: str = ""
    binary: bool = False
    pixels: bool = False

    @property
    def probabilities(self) -> str:
        """The activation that turns the logits of classes into probabilities."""
        return "sigmoid" if self.binary or self.pixels else "softmax"

    def fits(self, task: str, classes: int, images: bool = False) -> bool:
        """Whether it suits data of this task with this many classes (0 if there are none)."""
        return task in self.tasks and (classes == 2 or not self.binary) and (images or not self.pixels)

    def suits(self, data: Dataset) -> bool:
        """Whether it suits this dataset."""
        return self.fits(data.task, len(data.classes), data.is_image)

    def units(self, units: int) -> int:
        """Units of the output layer, given `units`: one per class or per number."""
        return 1 if self.binary else units

    def in_keras(self, values: Mapping[str, Any]) -> InKeras:
        """This loss with checked `values` of its parameters."""
        if not self.smoothed:
            # Keras does not smooth labels by default, so the argument can be left out.
            own = {name: value for name, value in values.items() if value or name != "label_smoothing"}
            return InKeras(self.class_name, self.fixed | own, self.one_hot)
        if not values["label_smoothing"]:
            # Keras has two classes for this; without smoothing, use the one that everybody knows.
            return InKeras(self.class_name, dict(self.fixed), False)
        return InKeras(self.smoothed, self.fixed | dict(values), True)


_ENTRIES = (
    Loss("cross_entropy", "Cross-entropy", "How surprised the network is by the true class: minus the "
         "logarithm of its probability, `-log p`. A confident wrong answer costs most. The usual loss for "
         "classes.",
         ("classification",), "SparseCategoricalCrossentropy", "linear", "Loss (cross-entropy)",
         (FloatRange("label_smoothing", "Label smoothing", "Share $s$ of each label that is spread evenly "
                     "over all $k$ classes, so that the network does not have to be certain: the true class "
                     "is $1 - s + s/k$, the others $s/k$. 0: trusts every label. Too high: no class stands "
                     "out any more.", 0.0, 0.5, 0.0),),
         {"from_logits": True}, smoothed="CategoricalCrossentropy"),
    Loss("word_cross_entropy", "Cross-entropy of words", "How surprised the network is by the hidden words: "
         "minus the logarithm of the probability of each, `-log p`, averaged over the hidden words of a "
         "sentence. Words that are not hidden do not count.",
         ("guessing",), "SparseCategoricalCrossentropy", "linear", "Loss (cross-entropy)",
         fixed={"from_logits": True}),
    Loss("binary_cross_entropy", "Binary cross-entropy", "Cross-entropy for two classes with a single "
         "output: its sigmoid `p` is the probability of the second class, `1 - p` of the first. The loss is "
         "minus the logarithm of the true class's probability. It learns the same as two outputs with "
         "cross-entropy, with fewer weights.",
         ("classification",), "BinaryCrossentropy", "sigmoid", "Loss (binary cross-entropy)",
         (FloatRange("label_smoothing", "Label smoothing", "Share $s$ of each label that is spread evenly "
                     "over both classes, so that the network does not have to be certain: the true class is "
                     "$1 - s/2$, the other $s/2$. 0: trusts every label. Too high: neither class stands out "
                     "any more.", 0.0, 0.5, 0.0),), binary=True),
    Loss("mse_probabilities", "Mean squared error", "The mean over the classes of `(p - t)²`: how far the "
         "probabilities are from 1 for the true class and 0 for the others. A network that is confident and "
         "wrong hardly changes, so it learns more slowly than with cross-entropy.",
         ("classification",), "MeanSquaredError", "softmax", "Loss (mean squared error)", one_hot=True),
    Loss("categorical_hinge", "Hinge", "`max(0, 1 + best other - true)`, where `best other` is the largest "
         "output of the wrong classes, or 0 if all of those are below 0. Once the true class leads by 1, "
         "there is nothing more to learn from the example. The outputs are scores; their softmax is not a "
         "reliable probability.",
         ("classification",), "CategoricalHinge", "linear", "Loss (hinge)", one_hot=True),
    Loss("mse", "Mean squared error", "The mean of the squared errors, `(predicted - true)²`. Large errors "
         "count most, so a few outliers can pull the whole curve towards them.",
         NUMBERS, "MeanSquaredError", "linear", "Loss (mean squared error)"),
    Loss("mae", "Mean absolute error", "The mean of the errors without their sign, `|predicted - true|`. "
         "Outliers do not get extra weight. The slope is as steep near the goal as far away from it, so "
         "training settles down slowly.",
         NUMBERS, "MeanAbsoluteError", "linear", "Loss (mean absolute error)"),
    Loss("huber", "Huber", "Squared for errors e up to delta, linear above: `e² / 2`, then `delta (|e| - "
         "delta / 2)`. Settles down like the squared error and handles outliers like the absolute error.",
         NUMBERS, "Huber", "linear", "Loss (Huber)",
         (FloatRange("delta", "Delta", "The error above which the loss becomes linear, in the units that "
                     "the network sees: standard deviations of the target if it is scaled. Too low: it "
                     "becomes the mean absolute error times delta. Too high: it becomes half the mean "
                     "squared error.",
                     0.01, 10.0, 1.0, log=True),)),
    Loss("pixel_cross_entropy", "Pixel cross-entropy", "Takes each pixel, from 0 for black to 1 for white, "
         "as a probability `p` of being white: `-p log q - (1 - p) log (1 - q)` for the network's answer "
         "`q`, a sigmoid. Grey pixels keep it above 0, however good the network is.",
         ("reconstruction",), "BinaryCrossentropy", "sigmoid", "Loss (pixel cross-entropy)", pixels=True),
)

LOSSES: dict[str, Loss] = {entry.name: entry for entry in _ENTRIES}
DEFAULT_LOSS = {"classification": "cross_entropy", "regression": "mse", "forecasting": "mse",
                "reconstruction": "mse", "guessing": "word_cross_entropy"}


def losses_for(task: str, classes: int, images: bool = False) -> tuple[str, ...]:
    """The names of the losses for a task with this many classes, the default first."""
    return tuple(name for name, entry in LOSSES.items() if entry.fits(task, classes, images))


def losses_of(data: Dataset) -> tuple[str, ...]:
    """The names of the losses for a dataset, the default first."""
    return losses_for(data.task, len(data.classes), data.is_image)


def loss_of_mean(loss: str, parameters: Mapping[str, Any], numbers: np.ndarray) -> float:
    """The loss of always predicting the mean of `numbers`, float (n, outputs), in their units."""
    mean = np.mean(numbers, axis=0, dtype=np.float64)
    if loss == "pixel_cross_entropy":
        # Of a constant answer, the loss is linear in the pixel; 0 log 0 is 0.
        return float(sum(-(share * np.log(np.maximum(share, 1e-12))).mean() for share in (mean, 1 - mean)))
    apart = np.asarray(numbers, np.float64) - mean
    size = np.abs(apart)
    if loss == "mse":
        return float((apart**2).mean())
    if loss == "mae":
        return float(size.mean())
    delta = parameters["delta"]
    return float(np.where(size <= delta, apart**2 / 2, delta * (size - delta / 2)).mean())


def balanced_weights(counts: Any) -> np.ndarray:
    """The weight of each class's examples that makes all classes count the same: float32 (classes,).

    A weight is n / (k * count) for the k classes that have examples, as in scikit-learn's
    `compute_class_weight("balanced")`, and 0 for a class without any. The mean over the examples is 1. As
    with Keras's `class_weight`, the weighted losses are summed and divided by the number of examples, not
    by the sum of the weights.

    counts: training examples of each class, (classes,).
    """
    counts = np.asarray(counts, dtype=float)
    there = counts > 0
    weights = np.zeros(len(counts))
    weights[there] = counts.sum() / (there.sum() * counts[there])
    return weights.astype(np.float32)
