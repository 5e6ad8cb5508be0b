"""Points in a plane to separate, generated with scikit-learn where it offers them."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from core.datasets.computed import class_sizes, computed, data_seed, rare_share, spare_draws, with_sizes
from core.datasets.dataset import Arrays, Dataset
from core.datasets.difference import Difference
from core.datasets.scikit import read_only
from core.parameters import Choice, FloatRange, IntRange

FEATURES = ("x1", "x2")
LEAST, MOST = 20, 2000
# Added to the data seed where scikit-learn does not draw, so that such draws differ from all others.
_SPIRALS, _XOR, _MOVED = 11, 12, 13

_SCIKIT = "Computed by scikit-learn's {}, BSD 3-Clause."
_Draw = Callable[[int, float, int, int], tuple[np.ndarray, np.ndarray]]


def _moons(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_moons

    return make_moons(count, noise=noise, random_state=seed)


def _circles(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_circles

    return make_circles(count, noise=noise, random_state=seed, factor=0.5)


def _blobs(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_blobs

    made = make_blobs(count, centers=classes, cluster_std=noise, center_box=(-5.0, 5.0), random_state=seed)
    return made[0], made[1]


def _quantiles(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_gaussian_quantiles

    x, y = make_gaussian_quantiles(n_samples=count, n_features=2, n_classes=classes, random_state=seed)
    # A point has the class of the place where it was before noise moved it.
    return x + np.random.default_rng([seed, _MOVED]).normal(0, 1, x.shape) * noise, y


def _spirals(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Arms of one and three quarter turns, turned against each other by equal angles.

    Source: tensorflow/playground, src/dataset.ts, `classifySpiralData`; here with any number of arms
    and noise from a normal distribution.
    """
    random = np.random.default_rng([seed, _SPIRALS])
    # Shuffled like scikit-learn's: the classes must not alternate.
    order = random.permutation(count)
    y, along = order % classes, order // classes / -(-count // classes)
    angle = 1.75 * 2 * np.pi * along + 2 * np.pi * y / classes
    x = 5 * along[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return x + random.normal(0, 1, x.shape) * noise, y


def _xor(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Four squares with a gap of 0.6 between them; the class is whether the signs of x1 and x2 differ.

    Source: tensorflow/playground, src/dataset.ts, `classifyXORData`.
    """
    random = np.random.default_rng([seed, _XOR])
    x = random.uniform(-5, 5, (count, 2))
    x += np.where(x > 0, 0.3, -0.3)
    y = (x[:, 0] * x[:, 1] < 0).astype(int)
    return x + random.normal(0, 1, x.shape) * noise, y


@lru_cache(maxsize=32)
def drawn(draw: _Draw, count: int, noise: float, classes: int, share: float, seed: int,
          scale: float = 1.0) -> Arrays:
    """x float32 (count, features).

    share: the last class's share; 0 makes all classes equally large. scale: times the second feature.
    """
    sizes = class_sizes(count, classes, share) if share else ()
    x, y = draw(spare_draws(sizes) if sizes else count, noise, classes, seed)
    if scale != 1:
        x[:, 1] *= scale
    return with_sizes(read_only(x, y), sizes) if sizes else read_only(x, y)


# Moons of which only the left part is learned from: the points to the left of this x1.
MIDDLE = 0.5


def _left(x: np.ndarray) -> np.ndarray:
    return x[:, 0] < MIDDLE


def _sampled_from() -> Choice:
    return Choice("sampled_from", "Sampled from", "Where the training and validation points come from; the "
                  "test points are always from everywhere. left: from the left half only. The network looks "
                  "good on the validation points, which are from the left as well, and fails elsewhere.",
                  ("everywhere", "left"), "everywhere")


def _notes(values: Mapping[str, Any]) -> tuple[str, ...]:
    scale, part = values["feature_scale"], values.get("sampled_from", "everywhere")
    return (*((f"x2 is multiplied by {scale:g}.",) if scale != 1 else ()),
            *((f"Training and validation points come from the {part} half only.",) if part == "left" else ()))


def _points(name: str, label: str, help: str, source: str, draw: _Draw, noise: FloatRange,
            classes: tuple[str, ...] | IntRange, more: tuple[Choice, ...] = (),
            redrawn: bool = True) -> Dataset:
    """One table entry. classes: their names, or how many there may be. redrawn: as for `computed`."""
    parameters = (
        IntRange("count", "Points", "How many points are drawn. Few: easy to memorize. Many: the shape is "
                 "easy to see.", LEAST, MOST, 300, log=True),
        noise, *((classes,) if isinstance(classes, IntRange) else ()), rare_share(),
        FloatRange("feature_scale", "Scale of x2", "x2 is multiplied by this, as if it were measured in "
                   "millimetres instead of metres. With standardized inputs it makes no difference. Without: "
                   "the steps that suit x1 are far too large for x2.", 1.0, 1000.0, 1.0, log=True),
        *more, data_seed())

    def build(values: Mapping[str, Any]) -> Dataset:
        names = (tuple(f"class {index + 1}" for index in range(values["classes"]))
                 if isinstance(classes, IntRange) else classes)
        return Dataset(name, label, help, source, examples=values["count"], shape=(2,), classes=names,
                       features=FEATURES, load=partial(drawn, draw, values["count"], values["noise"],
                                                       len(names), values["rare_share"],
                                                       values["data_seed"], values["feature_scale"]),
                       difference=Difference(_left if values.get("sampled_from") == "left" else None),
                       notes=_notes(values))

    return computed(label, parameters, build, redrawn)


def _noise(high: float, default: float, low: float = 0.0) -> FloatRange:
    return FloatRange("noise", "Noise", "How far the points are scattered: a standard deviation, in the "
                      "units of the chart. Too much: the classes overlap, and nothing can tell them apart.",
                      low, high, default)


def _classes(default: int) -> IntRange:
    return IntRange("classes", "Classes", "How many classes the network has to tell apart.", 2, 5, default)


MOONS = _points(
    "moons", "Moons", "Two half moons that reach into each other. No straight line separates them, but a "
    "small hidden layer does.", _SCIKIT.format("make_moons"), _moons, _noise(0.5, 0.15),
    ("upper moon", "lower moon"), (_sampled_from(),))

CIRCLES = _points(
    "circles", "Circles", "A small ring inside a large one. Without a hidden layer, a network can do no "
    "better than guessing.", _SCIKIT.format("make_circles"), _circles, _noise(0.5, 0.1),
    ("outer ring", "inner ring"))

SPIRALS = _points(
    "spirals", "Spirals", "Arms wound around each other. The hardest of the point datasets: it takes a wide "
    "or deep network, and patience.", "Computed here, after TensorFlow Playground (Apache 2.0).", _spirals,
    _noise(1.0, 0.1), _classes(2))

BLOBS = _points(
    "blobs", "Blobs", "Round clouds of points, one for each class. Straight lines separate them as long as "
    "the clouds do not overlap.", _SCIKIT.format("make_blobs"), _blobs, _noise(3.0, 0.8, low=0.1),
    _classes(3), redrawn=False)  # another seed puts the clouds elsewhere

XOR = _points(
    "xor", "XOR", "Opposite corners belong together, as in exclusive or (XOR): the classic problem that a "
    "single neuron cannot learn.", "Computed here, after TensorFlow Playground (Apache 2.0).", _xor,
    _noise(2.0, 0.2), ("same signs", "different signs"))

QUANTILES = _points(
    "quantiles", "Gaussian quantiles", "One cloud, divided into a core and rings with equally many points. "
    "The class depends on the "
    "distance from the middle.", _SCIKIT.format("make_gaussian_quantiles"), _quantiles,
    _noise(1.0, 0.0), _classes(3))
