"""Charts of an evaluation show the computed metrics, as valid JSON."""

import json

import numpy as np
import pytest

from core.charts.calibration import reliability_diagram
from core.charts.errors import residual_histogram
from core.charts.matrix import KINDS, cell_matrix
from core.charts.ranking import POINTS, precision_recall, roc
from core.charts.standings import standings_chart
from core.charts.threshold import costs_curve, threshold_curves
from core.datasets import DATASETS
from core.metrics.calibration import reliability
from core.metrics.leaderboard import NETWORK, Candidate, standing
from core.metrics.ranking import rankings
from core.metrics.threshold import over_thresholds

RANDOM = np.random.default_rng(0)
NAMES = ("a", "b", "c")
Y = RANDOM.integers(3, size=900)
PROBABILITIES = RANDOM.dirichlet(np.ones(3), 900).astype(np.float32)
MATRIX = np.array([[8, 2, 0], [1, 4, 0], [0, 0, 0]])
NUMBERS = RANDOM.normal(0, 3, (200, 1)).astype(np.float32)


def rows():
    y = np.zeros(30, np.int32)
    network = Candidate(NETWORK, "This network", y, 1.0, "96")
    tree = Candidate("tree", "Decision tree", 1 - y, 0.1, "96")
    return [standing(y, network, None, 0), standing(y, tree, network, 0)]


FIGURES = {
    "matrix": lambda: cell_matrix(MATRIX, NAMES, "counts", (0, 1)),
    "roc": lambda: roc(rankings(Y, PROBABILITIES), NAMES),
    "precision recall": lambda: precision_recall(rankings(Y, PROBABILITIES), NAMES),
    "one class only": lambda: roc(rankings(np.zeros(5, int), PROBABILITIES[:5]), NAMES),
    "calibration": lambda: reliability_diagram(reliability(Y, PROBABILITIES)),
    "threshold": lambda: threshold_curves(over_thresholds(Y == 1, PROBABILITIES[:, 1]), 0.3),
    "costs": lambda: costs_curve(over_thresholds(Y == 1, PROBABILITIES[:, 1]), 0.3),
    "residuals": lambda: residual_histogram(DATASETS["diabetes"], NUMBERS, np.zeros_like(NUMBERS)),
    "no residuals": lambda: residual_histogram(DATASETS["diabetes"], NUMBERS, NUMBERS),
    "standings": lambda: standings_chart(rows(), "Test accuracy", "#0072B2", True),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_plain_and_says_what_it_is(name):
    figure = FIGURES[name]()
    json.dumps(figure, allow_nan=False)
    assert figure["about"].endswith((".", "examples.")) and figure["layout"]["xaxis"]
    assert all(len(trace["x"]) == len(trace["y"]) for trace in figure["traces"] if trace["type"] != "heatmap")


@pytest.mark.parametrize("kind, text", list(zip(KINDS, (
    [["8", "2", ""], ["1", "4", ""], ["", "", ""]],
    [["80.0 %", "20.0 %", ""], ["20.0 %", "80.0 %", ""], ["", "", ""]],
    [["88.9 %", "33.3 %", ""], ["11.1 %", "66.7 %", ""], ["", "", ""]]), strict=True)))
def test_cells_say_counts_or_shares_of_a_row_or_a_column(kind, text):
    figure = cell_matrix(MATRIX, NAMES, kind)
    assert figure["traces"][0]["text"] == text
    assert "3 of 15" in figure["about"] and "shapes" not in figure["layout"]


def test_the_chosen_cell_has_a_frame():
    (frame,) = FIGURES["matrix"]()["layout"]["shapes"]
    assert (frame["x0"], frame["x1"], frame["y0"], frame["y1"]) == (0.5, 1.5, -0.5, 0.5)


def test_curves_are_thinned_and_keep_their_ends():
    guess, *lines = FIGURES["roc"]()["traces"]
    assert guess["name"] == "guessing" and [line["name"] for line in lines] == list(NAMES)
    for line in lines:
        assert len(line["x"]) <= POINTS
        assert (line["x"][0], line["y"][0], line["x"][-1], line["y"][-1]) == (0, 0, 1, 1)
    assert not FIGURES["one class only"]()["traces"][1:]


def test_bars_are_as_high_as_answers_are_right():
    bars, _, wanted = FIGURES["calibration"]()["traces"]
    found = [bin_ for bin_ in reliability(Y, PROBABILITIES).bins if bin_.count]
    assert bars["y"] == [float(f"{one.accuracy:.4g}") for one in found]
    assert wanted["y"] == [float(f"{one.confidence:.4g}") for one in found]


def test_the_histogram_counts_every_residual():
    bars = FIGURES["residuals"]()["traces"][0]
    assert sum(bars["y"]) == len(NUMBERS)
    assert sum(FIGURES["no residuals"]()["traces"][0]["y"]) == len(NUMBERS)


def test_dots_have_their_intervals():
    others, network = FIGURES["standings"]()["traces"]
    assert (network["y"], network["x"]) == (["This network"], [1.0])
    assert network["error_x"]["array"] == [0] and network["error_x"]["arrayminus"] == [pytest.approx(
        1 - 0.8865, abs=1e-3)]
    assert (others["y"], others["x"]) == (["Decision tree"], [0.0])
