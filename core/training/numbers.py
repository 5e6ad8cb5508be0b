"""The numbers that a learner can change without compiling again: arguments of the compiled program."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int32, Num, UInt32

from core.catalog.losses import balanced_weights
from core.catalog.schedules import SCHEDULES
from core.catalog.stacks import numbers_of
from core.runs.config import RunConfig
from core.runs.taken_layers import rate_factors
from core.training.initial import AUGMENTATION, stream
from core.training.plan import Plan


class Numbers(NamedTuple):
    """The arguments of the compiled program: arrays, float32 unless another type is given.

    Attributes:
        rates: (window, steps), the learning rate of each step of a window of epochs.
        layers: (n,), dropout rates and other numbers of the layers, in the order of the stack.
        loss: the loss's own parameters, by name.
        clip_norm: ().
        weights: (classes,), class weights; empty if all classes count the same.
        augmentation: (5,), see `core.catalog.augmentation`.
        corruption: (2,), noise and masked share of the inputs, see `core.training.corruption`.
        key: uint32 (2,), random key for this window's augmentation and corruption.
        steps, slices: int32 (), training steps and validation slices in an epoch.
        optimizer: parameters of the optimizer that are arguments, by name; empty except where runs that
            differ in them train together.
        factors: (layers with weights,), what the learning rate of each is multiplied by; empty if all learn
            alike.
    """

    rates: Float[Any, "window steps"]
    layers: Float[Any, "numbers"]
    loss: dict[str, Float[Any, ""]]
    clip_norm: Float[Any, ""]
    weights: Float[Any, "classes"]
    augmentation: Float[Any, "5"]
    corruption: Float[Any, "2"]
    key: UInt32[Any, "2"]
    steps: Int32[Any, ""]
    slices: Int32[Any, ""]
    optimizer: dict[str, Float[Any, ""]]
    factors: Float[Any, "layers"]

    @classmethod
    def of(cls, config: RunConfig, plan: Plan, y: Num[Any, "examples *outputs"], epoch: int,
           learning_rate: float, origin: int = 0) -> "Numbers":
        """The numbers of the window that begins with `epoch`.

        y: classes of the training examples. origin: the run's first epoch, as in `Position`.
        """
        return cls(
            rates(config, plan, epoch - origin, learning_rate), *own_numbers(config),
            np.float32(config.clip_norm), _weights(config, plan, y), _amounts(config),
            np.array([config.input_noise * _brightest(config), config.masking], np.float32),
            stream(config.seed, AUGMENTATION, epoch).integers(2**32, size=2, dtype=np.uint32),
            np.int32(plan.steps), np.int32(plan.slices), {}, np.array(rate_factors(config), np.float32))


def own_numbers(config: RunConfig) -> tuple[np.ndarray, dict[str, np.float32]]:
    """The numbers of the layers and of the loss, which evaluation needs too."""
    return (np.array(numbers_of(config.layers()), np.float32),
            {name: np.float32(value) for name, value in config.loss_parameters.items()})


def rates(config: RunConfig, plan: Plan, epoch: int,
          learning_rate: float) -> Float[np.ndarray, "window steps"]:
    """The learning rate of each step of a window, (window, steps); see `Numbers`."""
    width = plan.most_steps
    steps = (epoch + np.arange(plan.window))[:, None] * plan.steps + np.arange(width)
    total = config.epochs * plan.steps
    return SCHEDULES[config.schedule].rate(config.schedule_parameters, learning_rate,
                                           np.clip(steps, 0, total - 1), plan.steps, total)


def _amounts(config: RunConfig) -> np.ndarray:
    """How much images are changed; the noise in the units that the network sees."""
    amounts = config.augmentation.copy()
    amounts[4] *= _brightest(config)
    return amounts


def _brightest(config: RunConfig) -> int:
    """The brightest pixel as the network sees it; 1 for other data."""
    return (config.data.pixel_maximum or 1) if config.scaling == "none" else 1


def _weights(config: RunConfig, plan: Plan, y: Num[Any, "examples *outputs"]) -> np.ndarray:
    if config.class_weights == "none":
        return np.zeros(0, np.float32)
    counts = np.bincount(np.asarray(y)[:plan.examples], minlength=len(config.data.classes))
    return balanced_weights(counts)
