"""The loss of an answer that ignores the input: the least that a network must beat."""

import math
from typing import NamedTuple

import numpy as np

from core.datasets import Dataset
from core.runs.config import RunConfig
from core.runs.evaluations import Probe

# With fewer examples than this, class shares and the spread of numbers are too uncertain to use.
FEWEST = 20


class ChanceLevel(NamedTuple):
    """The result of the best answer that is the same for every example.

    Attributes:
        loss: NaN if unknown.
        share: of the most frequent class, which is its accuracy; NaN for numbers.
    """

    loss: float
    share: float


def guess(config: RunConfig, data: Dataset, probe: Probe | None) -> ChanceLevel:
    """The result of guessing. Class shares come from the probe; without one, they are equal."""
    if data.guesses:
        return ChanceLevel(math.nan if probe is None else probe.baseline, math.nan)
    if not data.classes:
        return ChanceLevel(_of_numbers(config, probe), math.nan)
    shares = np.full(len(data.classes), 1 / len(data.classes))
    if probe is not None and probe.examples >= FEWEST:
        shares = probe.matrix.sum(axis=1) / probe.examples
    told = np.full(len(shares), 1 / len(shares)) if config.class_weights == "balanced" else shares
    loss = _CLASSES.get(config.loss, _entropy)(told)
    # With a single class there is nothing to guess.
    return ChanceLevel(loss if loss > 0 else math.nan, float(shares.max()))


def _entropy(shares: np.ndarray) -> float:
    there = shares[shares > 0]
    return float(-(there * np.log(there)).sum())


# The loss of predicting each class's share as its probability, where that is not the entropy of the shares.
# Smoothed labels change it a little; this is ignored.
_CLASSES = {
    # The mean over k classes of the variance of 0 or 1.
    "mse_probabilities": lambda shares: float((shares * (1 - shares)).mean()),
    # With equal outputs, the margin of 1 is missed in full.
    "categorical_hinge": lambda shares: 1.0,
}


def _of_numbers(config: RunConfig, probe: Probe | None) -> float:
    """The loss of always predicting the mean, in the units that the network sees."""
    # Pixels are scaled to 0..1, not to a deviation of 1.
    standard = config.scaling == "standard" and not (config.data.reconstructs and config.data.is_image)
    if standard and config.loss == "mse":
        return 1.0
    return probe.baseline if probe is not None and probe.examples >= FEWEST else math.nan
