"""Axes of names that look like numbers: Plotly takes a number on them for the name, not for its place."""

import numpy as np

from core.charts.errors import errors_by_class
from core.charts.reconstructed import reconstructions
from core.charts.style import names_axis
from core.datasets import splits
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation, Reconstructions


def drawn(dataset: str) -> dict:
    config = RunConfig(dataset=dataset, architecture="autoencoder", target="input", loss="mse")
    given = np.arange(np.prod(config.data.shape), dtype=np.float32)[None]
    found = Reconstructions(np.zeros(1, int), given, given + 1, np.ones(1), np.zeros(0), 1.0, 1.0, 0.5)
    evaluation = Evaluation(1, np.zeros((0, 0)), 1, 0.5, 0.8, False, reconstructions=found)
    return reconstructions(config.data, splits.test_set(config.data, config.preparation), evaluation)


def test_the_steps_of_a_window_are_drawn_in_their_order():
    figure = drawn("sine")
    assert "type" not in figure["layout"]["xaxis"], "an axis of numbers"
    assert [trace["x"] for trace in figure["traces"]] == [list(range(1, 11))] * 3
    assert figure["traces"][0]["y"] == list(range(10))


def test_bars_and_ticks_say_the_name_that_they_stand_at():
    bars = errors_by_class(np.array([1.0, 2.0, 3.0]), np.array([0, 1, 2]), ["1", "2", "3"])
    assert dict(zip(bars["traces"][0]["x"], bars["traces"][0]["y"], strict=True)) == {"1": 1, "2": 2, "3": 3}
    long = "a name that is far too long"
    ticks = names_axis("Class", ["2", "1", long])
    assert ticks["tickvals"] == ticks["categoryarray"] == ["2", "1", long] and ticks["ticktext"][2][-1] == "…"
    table = drawn("iris")
    assert all(trace["x"] == table["layout"]["xaxis"]["categoryarray"] for trace in table["traces"])
