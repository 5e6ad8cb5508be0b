"""A generated table of ten numbers and two classes (scikit-learn): the data of the tutorials' binary MLP."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from core.datasets.computed import computed, data_seed, rare_share
from core.datasets.dataset import Dataset
from core.datasets.toy_points import drawn
from core.parameters import FloatRange, IntRange

FEATURES = tuple(f"feature {number}" for number in range(1, 11))
CLASSES = ("class 1", "class 2")
# Of the ten, five decide the class, two are sums of these, and three are noise. Each class has four clusters
# at corners of a hypercube of edge 4, so that a line gets about 80 % and a hidden layer about 93 %.
INFORMATIVE, REDUNDANT, CLUSTERS, SEPARATION = 5, 2, 4, 2.0


def _draw(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_classification

    x, y = make_classification(
        count, len(FEATURES), n_informative=INFORMATIVE, n_redundant=REDUNDANT,
        n_clusters_per_class=CLUSTERS, class_sep=SEPARATION, flip_y=noise, random_state=seed)
    return x, y


def _build(values: Mapping[str, Any]) -> Dataset:
    return Dataset(
        "ten_features", "Ten features", "A made-up table with ten numbers and two classes. Five of the "
        "numbers decide the class, two repeat the information of those five, and three are noise.",
        "Computed by scikit-learn's make_classification, BSD 3-Clause.", examples=values["count"],
        shape=(len(FEATURES),), classes=CLASSES, features=FEATURES,
        load=partial(drawn, _draw, values["count"], values["noise"], len(CLASSES), values["rare_share"],
                     values["data_seed"]))


TEN_FEATURES = computed("Ten features", (
    IntRange("count", "Examples", "How many examples are drawn. Few: easy to memorize.",
             50, 5000, 1000, log=True),
    FloatRange("noise", "Noise", "Share of all examples whose class is chosen at random, including those of "
               "the test set. Half of these labels are wrong, and no network "
               "can know which.", 0.0, 0.4, 0.02),
    rare_share(), data_seed()), _build)
