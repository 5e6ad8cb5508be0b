"""Charts and texts for regressions and forecasts agree with the predictions, and stay small."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.metrics import mean_absolute_error, r2_score

from core.charts import MEASURES, error_curve, fitted_curve, forecast, loss_curve, predicted_true, residuals
from core.charts.curves import loss_title
from core.charts.forecast import STEPS
from core.charts.palette import RUN_COLORS
from core.charts.regression import POINTS
from core.datasets import DATASETS
from core.datasets.dataset import TASKS, Arrays
from core.formatting import number, percent
from core.metrics.lowest import lowest
from core.metrics.naive_forecast import naive_forecast
from core.runs.config import RunConfig
from core.runs.events import Compiled
from core.views.panel_layout import TASK_LAYOUTS
from core.views.reports import regression_report
from core.views.run_chips import run_chips
from core.views.run_panel import RunPanel, message, parts
from core.views.status import NONE, status
from tests.core.known_numbers import HOUSES, LINE, WEEKS, evaluation, points, run, windows
from tests.core.known_runs import a_run, by_name

GRID = np.linspace(3, -3, 900)
FIT = evaluation(points(40).y, lambda y: y + 1, curve=(GRID, 2 * GRID + 11))


def words(figure: dict) -> list[str]:
    return [annotation["text"] for annotation in figure["layout"].get("annotations", [])]


def test_error_curve_is_in_the_unit_of_the_target_and_from_zero():
    figure = error_curve(LINE, run(LINE, 5, slot=3))
    training = by_name(figure, "training")
    assert training["y"] == [30.0, 15.0, 10.0, 7.5, 6.0] and training["line"]["color"] == RUN_COLORS[3]
    assert by_name(figure, "validation")["y"][-1] == 8.0
    axis = figure["layout"]["yaxis"]
    assert axis["title"]["text"] == "Mean absolute error (USD)" and axis["rangemode"] == "tozero"
    assert "range" not in axis and "%" not in axis["tickformat"] + training["hovertemplate"].replace("%{", "")
    assert error_curve(WEEKS, None)["layout"]["yaxis"]["title"]["text"] == "Mean absolute error"
    assert words(error_curve(LINE, None)) and "mean absolute error" in figure["about"]


def test_loss_axis_names_the_loss_of_the_task():
    titles = [loss_curve(one)["layout"]["yaxis"]["title"]["text"] for one in (a_run(2), run(LINE, 2), None)]
    assert titles == ["Loss (cross-entropy)", "Loss (mean squared error)", "Loss"]


def test_loss_axis_names_the_loss_that_was_chosen():
    hinge, huber = (RunConfig(dataset=data, loss=loss) for data, loss in
                    (("iris", "categorical_hinge"), ("diabetes", "huber")))
    assert [loss_title(one) for one in (hinge, huber)] == ["Loss (hinge)", "Loss (huber)"]


def test_the_lowest_loss_and_error_are_lines_behind_the_curves():
    noisy = RunConfig(dataset="curve", dataset_parameters={"noise": 0.5})
    made, deviation = run(noisy.data, 5), 2.0
    made.history.compiled = Compiled(1.5, 100, 4, lowest(noisy.data, "mse", deviation))
    heights = {}
    for figure in (loss_curve(made), error_curve(noisy.data, made)):
        [line] = [shape for shape in figure["layout"]["shapes"] if "label" in shape]
        assert line["layer"] == "below" and figure["layout"]["yaxis"]["autorangeoptions"]
        heights[line["label"]["text"]] = line["y0"]
    # Of normal noise with a deviation of 0.5; the loss sees targets divided by 2.
    assert heights == {"lowest reachable, RMSE 0.500": 0.0625, "lowest reachable 0.399": 0.3989}
    huber, silent = lowest(noisy.data, "huber", deviation), RunConfig(
        dataset="curve", dataset_parameters={"noise": 0.0})
    assert huber is not None and huber.loss is None and lowest(silent.data, "mse", deviation) is None
    assert lowest(RunConfig(dataset="diabetes").data, "mse", deviation) is None


def test_a_run_that_waits_says_so_in_its_chart():
    assert words(loss_curve(a_run(0))) and not words(loss_curve(a_run(5)))


def test_fitted_curve_lies_over_the_examples():
    training, test = points(1000, 1), points(40)
    figure = fitted_curve(LINE, training, test, FIT)
    curve = by_name(figure, "network")
    assert curve["x"] == sorted(curve["x"]) and curve["x"][0] == -3 and curve["x"][-1] == 3
    assert curve["y"] == pytest.approx(2 * np.array(curve["x"]) + 11, rel=1e-3)
    shown = by_name(figure, "test")
    assert sorted(shown["x"]) == sorted(float(f"{row:.4g}") for row in test.x[:, 0])
    assert sum(len(trace["x"]) for trace in figure["traces"]) <= POINTS
    assert figure["note"] == "MAE 1.00 on all 40 test examples"
    assert [entry["name"] for entry in figure["legend"]] == ["training", "test", "network"]
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < training.y.min() and high > training.y.max()
    away = evaluation(test.y, lambda y: y * 1e6, curve=(GRID, GRID * 1e9))
    again = fitted_curve(LINE, training, test, away)["layout"]
    assert again["yaxis"]["range"] == [low, high], "axes do not follow a curve that is far off"
    assert again["uirevision"] == figure["layout"]["uirevision"]


def test_fitted_curve_before_the_first_evaluation_shows_the_examples():
    figure = fitted_curve(LINE, None, points(40))
    assert [trace["name"] for trace in figure["traces"]] == ["test"] and figure["note"].startswith("Dots")


def test_predicted_against_true_has_equal_axes_and_the_diagonal():
    figure = predicted_true(LINE, FIT)
    diagonal, dots = figure["traces"]
    assert diagonal["x"] == diagonal["y"] == figure["layout"]["xaxis"]["range"]
    assert figure["layout"]["xaxis"]["range"] == figure["layout"]["yaxis"]["range"]
    assert np.array(dots["y"]) - np.array(dots["x"]) == pytest.approx(1, abs=0.02)
    assert len(dots["x"]) == 40 and figure["note"].startswith("MAE 1.00 on all 40 test examples")
    low, high = diagonal["x"]
    assert low < min(dots["x"]) and high > max(dots["y"])
    assert words(predicted_true(LINE)) == ["Predictions on the test set appear here"]


def test_residuals_lie_around_zero():
    live = evaluation(points(60).y, lambda y: y + 1, complete=False)
    figure = residuals(HOUSES, live)
    assert np.allclose(figure["traces"][0]["y"], -1, atol=1e-3)
    (zero,) = figure["layout"]["shapes"]
    assert zero["y0"] == zero["y1"] == 0 and zero["xref"] == "paper"
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < -1 and high > 0, "the line at zero is in sight"
    assert figure["note"] == "60 test examples" and words(residuals(HOUSES))


def test_each_dot_knows_its_test_example():
    two = evaluation(np.arange(6.0).reshape(3, 2), lambda y: y + 1)
    assert two.numbers
    told = replace(two, numbers=replace(two.numbers, indices=np.array([4, 7, 9])))
    for figure in (residuals(HOUSES, told), predicted_true(HOUSES, told)):
        dots = figure["traces"][-1]
        assert dots["customdata"] == [4, 4, 7, 7, 9, 9] and len(dots["x"]) == 6
    fitted = by_name(fitted_curve(LINE, points(9, 1), test := points(7), FIT), "test")
    assert [test.x[one, 0] for one in fitted["customdata"]] == pytest.approx(fitted["x"], rel=1e-3)


def test_many_outputs_of_many_examples_stay_small():
    many = np.random.default_rng(0).normal(size=(5000, 3)).astype(np.float32)
    told = evaluation(many, lambda y: y * 0.5)
    for figure in (predicted_true(HOUSES, told), residuals(HOUSES, told)):
        assert len(figure["traces"][-1]["x"]) == POINTS and len(json.dumps(figure)) < 16_000


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_a_network_that_diverged_can_be_drawn(bad):
    told = evaluation(points(10).y, lambda y: np.full_like(y, bad), curve=(GRID, GRID * bad))
    figures = [predicted_true(LINE, told), residuals(LINE, told), fitted_curve(LINE, None, points(10), told)]
    json.dumps(figures, allow_nan=False)


def test_axes_stand_still_while_predictions_move_a_little():
    one, other = (predicted_true(LINE, evaluation(points(40).y, lambda y, by=by: y * by))["layout"]["xaxis"]
                  for by in (0.99, 1.0))
    assert one["range"] == other["range"]


def test_forecast_stands_beside_the_naive_one():
    test, data = windows(400), replace(WEEKS, outputs=1)
    test = Arrays(test.x, test.y[:, :1])
    seen = np.arange(100, 400)
    figure = forecast(data, test, evaluation(test.y[seen], lambda y: y + 0.5, indices=seen))
    true, naive, network = (by_name(figure, name) for name in ("true", "naive", "network"))
    assert true["x"] == list(range(400 - STEPS, 400))
    assert sum(len(trace["x"]) for trace in figure["traces"]) <= 400
    assert true["y"] == pytest.approx(test.y[-STEPS:, 0], rel=1e-3)
    assert naive["y"][1:] == true["y"][:-1], "a step later, the last value is repeated"
    assert network["y"] == pytest.approx(test.y[-STEPS:, 0] + 0.5, rel=1e-3)
    error = float(mean_absolute_error(test.y[seen], test.x[seen, -1, 1:]))
    assert figure["note"] == f"MAE 0.500; naive forecast {error:#.3g}"
    assert naive["line"]["dash"] != true["line"]["dash"] != network["line"]["dash"]
    assert [entry["name"] for entry in figure["legend"]] == ["true", "network", "naive"]


def test_several_steps_ahead_are_drawn_as_whole_forecasts():
    test = windows(20)
    told = evaluation(test.y[5:], lambda y: y + [1, 2], indices=np.arange(5, 20), complete=False)
    figure = forecast(WEEKS, test, told)
    true, network, naive = (by_name(figure, name) for name in ("true", "network", "naive"))
    assert true["x"] == list(range(21)) and figure["note"].startswith("2 steps at a time. MAE 1.50")
    assert true["customdata"][-2:] == [19, 19], "the last step belongs to the last example"
    drawn = [(step, y) for step, y in zip(network["x"], network["y"], strict=True) if y is not None]
    # Pairs of steps that end with the last example; those before the sixth are not evaluated yet.
    assert [step for step, _ in drawn] == list(range(5, 21))
    assert [value - true["y"][step] for step, value in drawn] == pytest.approx([1, 2] * 8, abs=0.1)
    pairs = np.reshape([value for value in naive["y"] if value is not None], (-1, 2))
    assert (pairs[:, 0] == pairs[:, 1]).all() and pairs[-1, 0] == true["y"][18]
    assert [trace["name"] for trace in forecast(WEEKS, test)["traces"]] == ["true", "naive"]


def test_naive_forecast_takes_the_channel_of_the_target():
    test = windows(3)
    assert np.array_equal(naive_forecast(WEEKS, test), test.x[:, -1, [1, 1]])
    other = replace(WEEKS, target="something else")
    assert np.array_equal(naive_forecast(other, test), test.x[:, -1, [0, 0]])


def test_status_names_the_error_and_never_writes_percent():
    shown = run(LINE, 30, state="finished")
    shown.history.append(FIT)
    told = {statu["name"]: statu["value"] for statu in status(shown)["numbers"]}
    assert (told["MAE"], told["Val. MAE"], told["Test MAE"]) == ("1.00", "1.33", "1.00")
    assert not any("%" in value or "ccuracy" in name for name, value in told.items())
    r2 = r2_score(FIT.numbers.expected, FIT.numbers.predicted)
    assert status(shown)["sentence"] == (f"R² {r2:.2f} on 40 test examples, which it never trained on; "
                                         "mean absolute error 1.00.")
    assert [number["name"] for number in status(None, "regression")["numbers"]] == list(told)
    (chip,) = run_chips([shown], None, (), "classification")
    assert (chip["accuracy"], chip["measure"], chip["comparable"]) == ("1.00", "test MAE", False)


def test_no_r2_of_a_constant_target():
    shown = run(LINE, 30, state="finished")
    shown.history.append(evaluation(np.full((3, 1), 7.0), lambda y: y + 2))
    assert status(shown)["sentence"].startswith("Tried on 3 test examples")
    shown.history.append(evaluation(np.full((1, 1), 7.0), lambda y: y + 2))
    assert status(shown)["sentence"].startswith("Tried on 1 test example,")


def test_report_compares_with_the_mean_of_the_training_targets():
    training, test = points(200, 1), points(40)
    table = regression_report(LINE, FIT, training)
    assert table["columns"] == ["Measure", "Network", "Always the mean"]
    guess = DummyRegressor().fit(training.x, training.y).predict(test.x)
    assert [row[2] for row in table["rows"]] == [
        number(float(mean_absolute_error(test.y, guess))),
        number(float(np.sqrt(np.mean((test.y[:, 0] - guess) ** 2)))), f"{r2_score(test.y, guess):.3f}"]
    assert table["rows"][0][:2] == ["Mean absolute error", "1.00"]
    assert [row[2] for row in regression_report(LINE, FIT)["rows"]] == [NONE] * 3
    live = replace(FIT, complete=False)
    assert [row[1:] for row in regression_report(LINE, live, training)["rows"]] == [[NONE, NONE]] * 3


def test_report_of_a_forecast_compares_with_the_naive_one():
    test = windows(30)
    table = regression_report(WEEKS, evaluation(test.y, lambda y: y), None, test)
    assert table["columns"][2] == "Naive forecast" and table["rows"][2][1] == "1.000"
    assert table["rows"][0][2] == number(float(mean_absolute_error(test.y, naive_forecast(WEEKS, test))))


@pytest.mark.parametrize("value, written", [(0.0, "0.00"), (0.12345, "0.123"), (99.94, "99.9"),
                                            (99.96, "100"), (12345.6, "12,346"), (float("nan"), "–"),
                                            (-3, "-3.00")])
def test_numbers_in_a_few_letters(value, written):
    assert number(value) == written


@pytest.mark.parametrize("share, digits, written", [
    (0.3125, 1, "31.3 %"), (0.0625, 1, "6.3 %"), (0.125, 0, "13 %"), (1.0, 1, "100.0 %"),
    (29 / 30, 1, "96.7 %"), (float("nan"), 1, "–")])
def test_half_a_percent_is_rounded_up_as_in_a_browser(share, digits, written):
    assert percent(share, digits) == written


def test_every_task_has_its_places_and_its_measure():
    assert set(TASK_LAYOUTS) == set(MEASURES) == set(TASKS)


@pytest.mark.parametrize("data, examples, title", [
    (LINE, points(40), "Fitted curve"), (HOUSES, Arrays(np.zeros((40, 3)), points(40).y), "Residuals"),
    (WEEKS, windows(40), "Forecast")], ids=lambda one: getattr(one, "name", ""))
def test_panel_shows_the_pictures_of_the_task_in_the_same_places(data, examples, title):
    shown = run(data, 5)
    view = RunPanel(data, shown, runs=(shown,), overlaid=(a_run(3, slot=1), run(data, 3, slot=2)),
                     examples=examples, training=examples)
    assert parts(view).keys() == parts(RunPanel(DATASETS["iris"])).keys()
    before, held = message(view, {})
    assert len(before["overlaid"]["content"]["loss_curve"]) == 2, "a run of another task is not laid behind"
    shown.history.append(evaluation(examples.y, lambda y: y + 1))
    told, _ = message(view, held)
    assert {name for name, part in told.items() if "content" in part} == {
        "status", "runs", "confusion_matrix", "predictions", "report", "network_weights"}
    assert told["predictions"]["content"]["title"] == title
    assert told["confusion_matrix"]["content"]["title"] == "Predicted vs true"
    json.dumps([before, told], allow_nan=False)
    empty, _ = message(RunPanel(data), {})
    assert words(empty["predictions"]["content"]) and empty["accuracy_curve"]["content"]["title"]
