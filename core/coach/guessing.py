"""What an answer gets that does not look at the example: the least that a network must beat."""

import math
from typing import NamedTuple

import numpy as np

from core.config import RunConfig
from core.datasets import Dataset
from core.results import Evaluation

# Of fewer test examples neither the classes' shares nor the spread of numbers is told.
FEWEST = 20


class Guess(NamedTuple):
    """loss: of the best answer that is the same for every example, NaN where it is not known.

    share: of the most frequent class, its accuracy; NaN for numbers.
    """

    loss: float
    share: float


def guess(config: RunConfig, data: Dataset, evaluation: Evaluation | None) -> Guess:
    """What guessing gets. The classes' shares are the test set's, alike until there is an evaluation."""
    if not data.classes:
        return Guess(_of_numbers(config, evaluation), math.nan)
    shares = np.full(len(data.classes), 1 / len(data.classes))
    if evaluation is not None and evaluation.matrix.sum() >= FEWEST:
        shares = evaluation.matrix.sum(axis=1) / evaluation.matrix.sum()
    told = np.full(len(shares), 1 / len(shares)) if config.class_weights == "balanced" else shares
    loss = _CLASSES[config.loss](told)
    # Of a single class there is nothing to guess.
    return Guess(loss if loss > 0 else math.nan, float(shares.max()))


def _entropy(shares: np.ndarray) -> float:
    there = shares[shares > 0]
    return float(-(there * np.log(there)).sum())


# The loss of telling each class its share. Smoothed labels leave a little less, which is left aside.
_CLASSES = {
    "cross_entropy": _entropy,
    "binary_cross_entropy": _entropy,
    # The mean over k classes of the variance of 0 or 1.
    "mse_probabilities": lambda shares: float((shares * (1 - shares)).mean()),
    # All outputs alike.
    "categorical_hinge": lambda shares: 1.0,
}


def _of_numbers(config: RunConfig, evaluation: Evaluation | None) -> float:
    """The loss of always saying the mean, in the units that the network sees."""
    numbers = evaluation.numbers if evaluation is not None else None
    standard = config.scaling == "standard"
    if standard and config.loss == "mse":
        return 1.0
    if numbers is None or len(numbers.expected) < FEWEST:
        return math.nan
    apart = numbers.expected - numbers.expected.mean(axis=0)
    if standard:
        spread = apart.std(axis=0)
        apart = apart / np.where(spread > 0, spread, 1.0)
    size = np.abs(apart)
    if config.loss == "mse":
        return float((apart**2).mean())
    if config.loss == "mae":
        return float(size.mean())
    delta = config.loss_parameters["delta"]
    return float(np.where(size <= delta, apart**2 / 2, delta * (size - delta / 2)).mean())
