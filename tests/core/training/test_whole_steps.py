"""One training step of networks of many layers: weights and gradients equal Keras's."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from core.catalog.layers import LAYER_KINDS, Entry, entry, shapes
from core.datasets import DATASETS, Preparation, Split
from core.datasets.splits import split
from core.parameters import FieldError
from core.runs.config import RunConfig
from tests.core.training.whole_step import WholeSteps

# Relative to the largest entry of the gradient.
ACCURACY = 1e-5
# So that each program is compiled in a second.
SMALL = {"filters": 4, "units": 5, "key_dim": 3, "return_sequences": True}
# A dataset whose images have the size, and a batch.
GREY_8, GREY_28, COLOUR_32 = ("digits", 7), ("mnist", 128), ("cifar10", 32)


@cache
def enlarged(dataset: str, examples: int) -> Split:
    """Digits of 8x8 pixels as images of the dataset's size; enlarged ones are flat, so pooling has ties."""
    height, width, channels = DATASETS[dataset].shape
    data = split(DATASETS["digits"], Preparation(validation_share=0.0))
    x = data.x[:examples].repeat(height // 8, 1).repeat(width // 8, 2)
    rows, columns = height - x.shape[1], width - x.shape[2]
    x = np.pad(x, ((0, 0), (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2), (0, 0)))
    return replace(data, x=np.concatenate([np.roll(x, index, 0) for index in range(channels)], -1),
                   y=data.y[:examples])


def small(kind: str, **values: object) -> Entry:
    own = {parameter.name for parameter in LAYER_KINDS[kind].parameters}
    return entry(kind, **{name: value for name, value in SMALL.items() if name in own} | values)


def fits(entries: list[Entry], shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """What comes out of the entries; None where they do not fit."""
    try:
        return shapes(entries, shape)[-1]
    except FieldError:
        return None


def ended(entries: list[Entry], shape: tuple[int, ...]) -> list[Entry]:
    """The entries, and one row of numbers behind them."""
    return entries if len(shapes(entries, shape)[-1]) == 1 else [*entries, entry("Flatten")]


def check(entries: list[Entry], dataset: str, batch_size: int, step: int = 0) -> None:
    """step: 0, of a whole batch, or 1, of a last one that is smaller."""
    config = RunConfig(
        dataset=dataset, architecture="custom", batch_size=batch_size, optimizer="sgd", learning_rate=1.0,
        architecture_parameters={"layers": ended(entries, DATASETS[dataset].shape)})
    steps = WholeSteps(config, enlarged(dataset, batch_size + batch_size // 2 + 1))
    wrong = {path: one for path, one in steps.difference(0 if steps.random else step).items()
             if not one <= ACCURACY}
    assert not wrong


# What gives an image for an image, and what gives a series for one.
IMAGES = [kind for kind in LAYER_KINDS if len(fits([small(kind)], (8, 8, 1)) or ()) == 3]
SERIES = [kind for kind in LAYER_KINDS if kind not in IMAGES
          and len(fits([entry("Reshape"), small(kind)], (8, 8, 1)) or ()) == 2]
NORMALIZED = [small("SeparableConv2D", activation="linear"), entry("BatchNormalization"), entry("Activation")]
POOLED = {
    **{f"{kind}, 8x8": ([small(kind)], GREY_8) for kind in IMAGES},
    **{f"{kind}, {name}": ([small(kind, filters=8)], size) for kind in ("Conv2D", "SeparableConv2D")
       for name, size in (("28x28", GREY_28), ("32x32 colour", COLOUR_32))},
    "normalized, 8x8": (NORMALIZED, GREY_8), "normalized, 28x28": (NORMALIZED, GREY_28)}


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=() if name == "Conv2D, 8x8" else pytest.mark.sweep) for name in POOLED])
def test_pooling_behind_each_layer_of_images(name):
    entries, (dataset, batch_size) = POOLED[name]
    check([*entries, entry("MaxPooling2D")], dataset, batch_size)


@pytest.mark.parametrize("kind", [
    pytest.param(kind, marks=() if kind == "GRU" else pytest.mark.sweep) for kind in SERIES])
def test_each_layer_of_series_between_poolings(kind):
    check([small("Conv2D"), entry("MaxPooling2D"), entry("Reshape"), small(kind),
           entry("GlobalAveragePooling1D")], *GREY_8, step=1)


def drawn(count: int, seed: int) -> dict[str, list[Entry]]:
    """Pairs of kinds that fit behind a convolution or behind the rows of its image, by their names."""
    image = [small("Conv2D", activation="tanh")]
    fitting = {f"{one}, {other}": [*before, small(one), small(other)]
               for one, other in product(LAYER_KINDS, LAYER_KINDS)
               for before in ([*image, entry("Reshape")], image)
               if fits([*before, small(one), small(other)], (8, 8, 1))}
    names = np.random.default_rng(seed).permutation(sorted(fitting))[:count]
    return {name: fitting[name] for name in names.tolist()}


PAIRS = drawn(20, seed=13)


@pytest.mark.sweep
@pytest.mark.parametrize("number, pair", list(enumerate(PAIRS)))
def test_one_layer_behind_another(number, pair):
    check(PAIRS[pair], "digits", (7, 32, 128)[number % 3], step=number % 2)
