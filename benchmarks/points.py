"""The net 2-4-2-1 of TensorFlow Playground's page, as near as the playground's own tables come to it.

Its data, 250 points in a circle and a ring to learn from and 250 to test with, is a dataset of the
benchmarks alone. Ours ends in two logits instead of one output: 28 parameters instead of 25.
"""

from dataclasses import replace

import numpy as np

from core.datasets import DATASETS, Arrays, Dataset
from core.parameters import Choice
from core.runs.config import PARAMETERS, RunConfig

POINTS, RADIUS = 250, 5.0


def circles(seed: int) -> Arrays:
    """Half of the points in a disc, half in a ring around it.

    x: float32 (250, 2). Source: tensorflow/playground, src/dataset.ts, `classifyCircleData`, no noise.
    """
    random, half = np.random.default_rng(seed), POINTS // 2
    radius = RADIUS * np.concatenate([random.uniform(0, 0.5, half), random.uniform(0.7, 1, POINTS - half)])
    angle = random.uniform(0, 2 * np.pi, POINTS)
    x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    return Arrays(x.astype(np.float32), np.repeat([0, 1], [half, POINTS - half]).astype(np.int32))


CIRCLES = Dataset(
    "benchmark_circles", "Circles", "A disc within a ring, for a benchmark.", "Made here.",
    examples=2 * POINTS, shape=(2,), classes=("disc", "ring"), features=("x", "y"),
    load=lambda: circles(0), load_test=lambda: circles(1))


def offer() -> None:
    """Put the points among the datasets of this process: the page's, and each worker's."""
    names = PARAMETERS["dataset"]
    assert isinstance(names, Choice)
    DATASETS[CIRCLES.name] = CIRCLES
    PARAMETERS["dataset"] = replace(names, options=tuple(DATASETS))


def net_2_4_2() -> RunConfig:
    """2-4-2-1, tanh, batch 10, plain SGD at 0.03, for as long as a run may take; call `offer` first."""
    return RunConfig(
        dataset=CIRCLES.name, architecture_parameters={"hidden_units": (4, 2)}, activation="tanh",
        optimizer="sgd", learning_rate=0.03, batch_size=10, epochs=1000, validation_share=0.0)
