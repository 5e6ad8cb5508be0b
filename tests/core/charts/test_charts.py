"""Charts draw what the results say, as plain JSON of limited size."""

import base64
import json
import math

import numpy as np
import pytest

from core.charts import (
    ACCURACY,
    accuracy_curve,
    confusion_matrix,
    decision_regions,
    gallery,
    loss_curve,
    no_predictions,
    overlaid_traces,
)
from core.charts.curves import rate_changes
from core.charts.palette import CLASS_COLORS, RUN_COLORS
from core.charts.predictions import LEVELS
from core.charts.style import ERROR
from core.datasets import DATASETS
from core.datasets.dataset import Arrays
from core.runs.evaluations import Prediction, Regions
from core.runs.events import EpochEnd, LearningRate, Progress
from tests.core.known_runs import a_run, an_evaluation, by_name

IRIS, DIGITS = DATASETS["iris"], DATASETS["digits"]


def test_curve_draws_the_epochs_in_the_colour_of_the_run():
    figure = loss_curve(a_run(epochs=5, slot=3))
    training, validation = by_name(figure, "training"), by_name(figure, "validation")
    assert training["x"] == [1, 2, 3, 4, 5]
    assert training["y"] == [1.0, 0.5, 0.3333, 0.25, 0.2]
    assert validation["y"] == [2.0, 1.0, 0.6667, 0.5, 0.4]
    assert training["line"]["color"] == validation["line"]["color"] == RUN_COLORS[3]
    assert training["line"]["dash"] == "solid" and validation["line"]["dash"] == "dash"
    assert figure["layout"]["xaxis"]["title"]["text"] == "Epoch"
    assert figure["layout"]["yaxis"]["title"]["text"] == "Loss (cross-entropy)"
    assert "annotations" not in figure["layout"] or figure["layout"]["annotations"] == []


def test_something_moves_before_the_first_epoch_ends():
    run = a_run(steps_per_epoch=1000)
    for step in range(10, 110, 10):
        run.history.append(Progress(step, step / 1000, 1.0, 0.5, 1.0, step * 32))
    figure = loss_curve(run)
    assert by_name(figure, "batches")["x"] == [step / 1000 for step in range(10, 110, 10)]
    assert by_name(figure, "training")["x"] == []


def test_accuracy_is_in_percent():
    axis = accuracy_curve(a_run(5))["layout"]["yaxis"]
    assert axis["tickformat"] == "~%" and axis["range"][0] == 0 and axis["range"][1] >= 1


@pytest.mark.parametrize("curve", [loss_curve, accuracy_curve])
def test_no_run_is_empty_axes_with_a_word(curve):
    figure = curve(None)
    assert figure["traces"] == []
    assert [annotation["text"]
            for annotation in figure["layout"]["annotations"]] == ["Press Train: the curve appears here"]


def test_numbers_that_are_none_are_gaps():
    run = a_run(3)
    run.history.append(EpochEnd(4, 16, math.nan, 0.1, math.inf, None))
    assert by_name(loss_curve(run), "training")["y"][-1] is None
    assert by_name(loss_curve(run), "validation")["y"][-1] is None
    json.dumps([loss_curve(run), accuracy_curve(run)], allow_nan=False)


def test_zoom_survives_updates_and_ends_with_the_run():
    early, late, other = (loss_curve(run)["layout"]["uirevision"]
                          for run in (a_run(2), a_run(20), a_run(2, slot=1)))
    assert early == late != other


def test_changes_of_the_learning_rate_are_marked_where_they_took_effect():
    run = a_run(10)
    run.history.append(LearningRate(20, 0.005))
    assert rate_changes(run.history) == [(5.0, 0.005)]
    layout = loss_curve(run)["layout"]
    assert layout["shapes"][0]["x0"] == 5 and layout["shapes"][0]["line"]["dash"] == "dot"
    assert "0.005" in layout["annotations"][0]["text"]
    for step in range(21, 23):
        run.history.append(LearningRate(step, 0.001 * step))
    assert rate_changes(run.history) == [(5.5, 0.022)], "of a dragged slider only the end is marked"


def test_overlaid_runs_are_faint_named_and_in_their_own_colour():
    traces = overlaid_traces([a_run(400, slot=2)], ACCURACY)
    assert [trace["name"] for trace in traces] == ["MLP 16-16 relu Adam 0.01, training",
                                               "MLP 16-16 relu Adam 0.01, validation"]
    assert all(trace["opacity"] < 1 and trace["line"]["color"] == RUN_COLORS[2] for trace in traces)
    assert all(len(trace["x"]) <= 150 for trace in traces)


def test_matrix_counts_shares_and_tones_the_diagonal_down():
    figure = confusion_matrix(an_evaluation(3), IRIS.classes)
    heatmap, = figure["traces"]
    assert heatmap["text"][1] == ["3\n25.0 %", "4\n33.3 %", "5\n41.7 %"]
    assert heatmap["z"][2] == [0.2857, 0.3333, -0.381]
    assert heatmap["customdata"][0][1] == "1 (33.3 %)"
    grey, coloured = heatmap["colorscale"][0], heatmap["colorscale"][-1]
    assert grey[0] == 0 and coloured[0] == 1 and "text" in grey[1] and ERROR in coloured[1]
    layout = figure["layout"]
    assert layout["yaxis"]["title"]["text"] == "True class" and layout["yaxis"]["range"] == [2.5, -0.5]
    assert layout["xaxis"]["title"]["text"] == "Predicted class"
    assert figure["note"] == "All 36 test examples"


def test_matrix_of_ten_classes_has_counts_alone():
    figure = confusion_matrix(an_evaluation(10, complete=False, total=10_000), DIGITS.classes)
    assert figure["traces"][0]["text"][0][:2] == ["", "1"]
    assert figure["note"] == "4,950 of 10,000 test examples"


def test_regions_show_the_examples_that_were_asked_about_and_no_others():
    test = Arrays(np.arange(120.0).reshape(30, 4), np.arange(30) % 3)
    seen = np.array([3, 5, 8, 21])
    figure = decision_regions(IRIS, test, (0, 1), an_evaluation(3, complete=False, wrong=(5,), indices=seen))
    right, wrong = figure["traces"][-2:]
    assert right["x"] == [12, 32, 84] and wrong["y"] == [21]


def test_regions_pack_class_and_confidence_in_about_4_kb():
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 3, (50, 50), dtype=np.uint8)
    confidence = rng.integers(0, 256, (50, 50), dtype=np.uint8)
    regions = Regions((2, 3), (1.0, 0.0), (7.0, 2.5), classes, confidence)
    examples = Arrays(rng.normal(size=(6, 4)).astype(np.float32), np.array([0, 1, 2, 0, 1, 2], np.int32))
    figure = decision_regions(IRIS, examples, (0, 1), an_evaluation(3, regions=regions, wrong=(1, 4)))
    surface, right, wrong = figure["traces"]
    assert len(json.dumps(surface)) < 4500
    z = np.frombuffer(base64.b64decode(surface["z"]["bdata"]), np.uint8).reshape(50, 50)
    assert surface["z"]["dtype"] == "u1" and surface["z"]["shape"] == "50,50"
    assert np.array_equal(z // LEVELS, classes)
    assert np.abs((z % LEVELS + 0.5) / LEVELS - confidence / 255).max() < 0.03
    assert surface["x0"] == 1 and surface["x0"] + 49 * surface["dx"] == pytest.approx(7, rel=1e-4)
    assert wrong["marker"]["symbol"] == "x" and wrong["marker"]["color"] == [CLASS_COLORS[1]] * 2
    assert right["x"] == [float(f"{value:.4g}") for value in examples.x[[0, 2, 3, 5], 2]]
    assert figure["layout"]["xaxis"]["title"]["text"] == IRIS.features[2]
    assert [entry["name"] for entry in figure["legend"]] == list(IRIS.classes)


def test_all_test_examples_are_in_sight_before_there_are_regions():
    """With ranges that are said: Plotly keeps those of the run before otherwise, or its own of -1 to 6."""
    examples = Arrays(np.array([[0, 3, -2, 5], [0, 9, 8, 5]], np.float32), np.array([0, 1], np.int32))
    layout = decision_regions(IRIS, examples, (1, 2))["layout"]
    (left, right), (low, high) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    assert left < 3 and 9 < right < 10 and -3.5 < low < -2 and 8 < high < 9.5
    low, high = decision_regions(IRIS, examples, (1, 3))["layout"]["yaxis"]["range"]
    assert low < 5 < high, "all of one value"
    nothing = Arrays(examples.x[:0], examples.y[:0])
    assert np.isfinite(decision_regions(IRIS, nothing, (0, 1))["layout"]["xaxis"]["range"]).all()


def test_gallery_puts_wrong_ones_first_with_their_pixels():
    x = np.arange(3 * 64, dtype=np.uint8).reshape(3, 8, 8, 1) % 17
    examples = Arrays(x, np.array([4, 5, 6], np.int32))
    told = (Prediction(0, 4, 4, 0.99), Prediction(2, 6, 1, 0.5))
    first, second = gallery(DIGITS, examples, an_evaluation(10, gallery=told))["items"]
    assert (first["index"], first["wrong"], first["predicted"], first["label"]) == (2, True, "1", "6")
    assert (second["wrong"], second["confidence"]) == (False, "99 %")
    pixels = np.frombuffer(base64.b64decode(first["pixels"]), np.uint8).reshape(8, 8)
    assert np.allclose(pixels, x[2, :, :, 0].astype(float) * 255 / 16, atol=1)
    assert gallery(DIGITS, examples)["items"][0]["predicted"] == ""


def test_nothing_to_predict_on_is_a_word():
    assert no_predictions()["layout"]["annotations"][0]["text"]
