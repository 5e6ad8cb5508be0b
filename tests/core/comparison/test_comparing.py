"""Runs side by side: how they differ, their curves, and whether luck can explain the difference."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from core.charts.compared import (
    COLORS,
    MOST_AXES,
    MOST_CURVES,
    Curve,
    compared_curves,
    matrix_difference,
    parallel,
    scatter,
)
from core.charts.palette import RESULT_COLORS
from core.comparison.columns import ConfigColumn, columns, columns_in_words, flat, labels
from core.comparison.lines import CurveOptions, line, smoothed
from core.comparison.noise import difference, paired, verdict
from core.datasets import DATASETS
from core.runs.config import RunConfig
from core.runs.history import History
from core.store import kept_of
from core.store.packing import Curves, Scores, curves_of, scores_of
from tests.core.store import made
from tests.strategies import configs


def kept(config: RunConfig, run_id: str = "s-1"):
    return kept_of(made.run(run_id, config=config))


def scores(right: int, examples: int = 30, wrong: list[int] | None = None) -> Scores:
    matrix = np.array([[right, examples - right], [0, 0]])
    return Scores(matrix, examples, 0.5, right / examples, True,
                  wrong=None if wrong is None else np.array(wrong))


@given(configs())
def test_every_field_of_a_configuration_is_a_column_once(config: RunConfig):
    values = flat(config.to_dict())
    own = [len(value) for value in config.to_dict().values() if isinstance(value, dict)]
    assert len(values) == len(config.to_dict()) - len(own) + sum(own)
    assert all(isinstance(value, str | int | float) or value is None for value in values.values())
    assert not any(column.differs for column in columns([kept(config), kept(config)], only_differing=False))


def test_only_what_differs_and_what_one_alone_has():
    first = RunConfig(learning_rate=0.1, architecture_parameters={"hidden_units": (8, 4)})
    second = RunConfig(learning_rate=0.2, optimizer="sgd", architecture_parameters={"hidden_units": (8, 4)})
    found = {column.name: column.cells for column in columns([kept(first), kept(second)])}
    assert found["learning_rate"] == (0.1, 0.2) and found["optimizer"] == ("adam", "sgd")
    assert found["optimizer.beta_1"] == (0.9, None)
    assert "architecture.hidden_units" not in found and "seed" not in found
    everything = [column.name for column in columns([kept(first), kept(second)], only_differing=False)]
    assert everything[:len(found)] == list(found) and "architecture.hidden_units" in everything


def test_values_are_called_as_in_the_form():
    config = RunConfig(optimizer="sgd", initializer="he_normal", architecture="softmax", seed=7)
    told = {word.name: word.cells[1] for word in columns_in_words([kept(RunConfig()), kept(config)])}
    assert (told["optimizer"], told["initializer"], told["seed"]) == ("SGD", "He normal", 7)
    assert told["architecture"] == "Softmax regression"
    old = replace(kept(config), config={**kept(config).config, "optimizer": "of another version"})
    told = {word.name: word.cells for word in columns_in_words([old], False)}
    assert told["optimizer"] == ("of another version",)


def test_a_value_that_a_config_leaves_out_is_its_default():
    damaged = RunConfig(dataset="digits", target="input", masking=0.3)
    [found] = columns([kept(damaged.replaced(masking=0.0)), kept(damaged)])
    assert (found.name, found.cells, found.spreads) == ("masking", (0.0, 0.3), True)


def test_lists_of_layers_that_differ_in_a_number_differ():
    def config(units: int) -> RunConfig:
        return RunConfig(architecture="custom", architecture_parameters={"layers": [
            {"kind": "Dense", "units": units}]})
    [found] = columns([kept(config(8)), kept(config(9))])
    assert found.name == "architecture.layers" and all("Dense" in str(cell) for cell in found.cells)


def test_runs_of_the_same_name_are_told_apart():
    same = labels([kept(RunConfig()), kept(RunConfig()), kept(RunConfig(seed=3))])
    assert len(set(same)) == 3 and "seed 3" in same[2]
    assert labels([kept(RunConfig(learning_rate=0.5)), kept(RunConfig())])[0].endswith("Adam 0.5")
    noisy = RunConfig(dataset="moons", dataset_parameters={"noise": 0.35})
    told = labels([kept(RunConfig(dataset="moons")), kept(noisy)])
    assert told[1].endswith(", noise 0.35")
    assert ", dataset Moons" in labels([kept(RunConfig()), kept(RunConfig(dataset="moons"))])[1]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0, 0.99))
def test_smoothing_is_the_average_that_pandas_gives(values: list[float], weight: float):
    expected = pd.Series(values).ewm(alpha=1 - weight, adjust=True).mean().to_numpy()
    np.testing.assert_allclose(smoothed(np.array(values), weight), expected, rtol=1e-6, atol=1e-6)


def test_smoothing_leaves_a_gap_where_one_is():
    result = smoothed(np.array([1.0, np.nan, 3.0]), 0.5)
    assert result[0] == 1 and math.isnan(result[1]) and result[2] == pytest.approx((0.5 * 3 + 0.25) / 0.75)


def test_a_curve_over_epochs_steps_and_seconds():
    curves = curves_of(made.history(epochs=3, steps_per_epoch=4))
    assert line(curves, CurveOptions("epoch"), "training").x.tolist() == [1, 2, 3]
    assert line(curves, CurveOptions("step"), "training").x.tolist() == [4, 8, 12]
    assert line(curves, CurveOptions("seconds"), "validation").x.tolist() == [0.5, 1.0, 1.5]
    metric = line(curves, CurveOptions(quantity="metric"), "validation").y
    np.testing.assert_allclose(metric, [1 - 0.9 / 4, 1 - 0.9 / 8, 1 - 0.9 / 12])
    nothing = curves_of(History())
    assert len(line(nothing, CurveOptions(), "training").x) == len(line(nothing, CurveOptions(),
                                                                        "validation").x) == 0
    first = Curves(curves.steps[:3], curves.epochs[:0])
    assert line(first, CurveOptions("step"), "training").x.tolist() == [1, 2, 3]


def test_mcnemar_decides_where_it_is_known_which_were_wrong():
    first, second = scores(20, wrong=list(range(10))), scores(29, wrong=[29])
    found = paired(first, second)
    assert (found.first, found.second) == (1, 10)
    assert found.p == pytest.approx(binomtest(1, 11).pvalue)
    one, other = kept(RunConfig()), kept(RunConfig(learning_rate=0.3))
    told = verdict((one, first), (other, second))
    assert told.exceeds and "McNemar" in told.how and "66.7 %" in told.said and "96.7 %" in told.said
    few = verdict((one, scores(28, wrong=[1, 2])), (other, scores(29, wrong=[3])))
    assert few.exceeds is False and "Luck" in few.plain


@pytest.mark.parametrize("right, examples, other, low, high", [
    # R. G. Newcombe 1998, table II, method 10: 56/70 against 48/80, 9/10 against 3/10, 10/10 against 0/10.
    (48, 80, (56, 70), 0.0524, 0.3339), (3, 10, (9, 10), 0.1705, 0.8090), (0, 10, (10, 10), 0.6075, 1.0)])
def test_the_interval_of_a_difference_is_newcombes(right, examples, other, low, high):
    found = difference(right, examples, *other)
    assert found.low == pytest.approx(low, abs=5e-5) and found.high == pytest.approx(high, abs=5e-5)


def test_images_are_judged_by_the_interval_of_the_difference():
    one, other = kept(RunConfig(dataset="digits")), kept(RunConfig(dataset="digits", learning_rate=0.3))
    assert verdict((one, scores(300, 360)), (other, scores(350, 360))).exceeds
    assert verdict((one, scores(340, 360)), (other, scores(345, 360))).exceeds is False


def test_other_test_sets_and_tasks_are_not_compared():
    one = kept(RunConfig())
    for config in (RunConfig(seed=1), RunConfig(dataset="wine")):
        told = verdict((one, scores(20)), (kept(config), scores(30)))
        assert told.exceeds is None and "different examples" in told.said
    unknown = replace(one, test_set="")
    assert verdict((unknown, scores(20)), (unknown, scores(30))).exceeds is None
    assert "regression" in verdict((one, scores(20)), (replace(one, task="regression"), scores(20))).said
    assert "whole test set" in verdict((one, scores(20)), (one, None)).said


def test_errors_of_numbers_are_compared_example_by_example():
    name = next(name
                for name, dataset in DATASETS.items() if dataset.task == "regression" and name != "table")
    one, other = kept(RunConfig(dataset=name)), kept(RunConfig(dataset=name, learning_rate=0.3))
    random = np.random.default_rng(0)
    expected = random.random((200, 1)).astype(np.float32)
    noise = random.random((200, 1))

    def of(shift: float) -> Scores:
        found = scores_of(made.numbers(expected, expected + noise + shift), classes=False, images=False)
        assert found is not None
        return found

    told = verdict((one, of(0.0)), (other, of(0.1)))
    # The noise is the same: side by side the difference is exact, though each error is spread widely.
    assert told.exceeds and "+0.1 to +0.1" in told.said
    assert verdict((one, of(0.0)), (other, of(0.0))).exceeds is False
    assert verdict((one, replace(of(0.0), errors=None)), (other, of(0.1))).exceeds is None


def test_figures_are_bounded_and_empty_ones_say_a_word():
    curves = curves_of(made.history())
    many = [Curve(f"run {number}", curves) for number in range(MOST_CURVES + 5)]
    figure = compared_curves(many, CurveOptions())
    assert len(figure["traces"]) == 2 * MOST_CURVES and len(set(COLORS)) == MOST_CURVES
    assert [trace["showlegend"] for trace in figure["traces"][:2]] == [True, False]
    assert compared_curves([], CurveOptions())["layout"]["annotations"]
    nothing = ConfigColumn("loss", (None, None))
    assert scatter(nothing, nothing, ["a", "b"])["layout"]["annotations"]
    assert parallel([nothing], nothing, True)["layout"]["annotations"]


def test_scatter_leaves_out_what_has_no_number_and_uses_powers_of_ten():
    rate, loss = ConfigColumn("learning_rate", (0.001, 0.1, 1.0)), ConfigColumn("loss", (0.5, None, 0.25))
    figure = scatter(rate, loss, ["a", "b", "c"])
    assert figure["traces"][0]["x"] == [0.001, 1.0] and figure["traces"][0]["text"] == ["a", "c"]
    assert figure["layout"]["xaxis"]["type"] == "log" and figure["layout"]["yaxis"]["type"] == "linear"
    words = scatter(ConfigColumn("optimizer", ("sgd", "adam", "sgd")), rate, list("abc"))
    assert words["layout"]["xaxis"]["type"] == "category"


def test_parallel_coordinates_have_an_axis_a_column_and_a_line_a_run():
    columns_ = [ConfigColumn("optimizer", ("sgd", None, "adam")),
                ConfigColumn("learning_rate", (1e-4, 1e-2, 1.0)),
                *(ConfigColumn(f"c{number}", (1, 2, 3)) for number in range(20))]
    [trace] = parallel(columns_, ConfigColumn("accuracy", (0.5, 0.75, None)), False)["traces"]
    assert len(trace["dimensions"]) == MOST_AXES and trace["dimensions"][-1]["label"] == "accuracy"
    words, rates = trace["dimensions"][:2]
    assert words["ticktext"] == ["sgd", "–"] and words["values"] == [0, 1]
    assert rates["values"] == [-4, -2] and rates["ticktext"][0] == "0.0001"
    assert trace["line"]["color"] == [0.5, 0.75]


def test_better_is_blue_whichever_way_better_lies():
    """The colour at the better end of the scale, as the search has it for its best trial."""
    for falls, better in ((True, 0), (False, 1)):
        [trace] = parallel([], ConfigColumn("result", (0.5, 0.75)), falls)["traces"]
        scale = dict(trace["line"]["colorscale"])
        assert scale[1 - better if trace["line"]["reversescale"] else better] == RESULT_COLORS[-1]


def test_columns_are_called_as_the_tables_call_them():
    config = RunConfig(dataset="digits", architecture="cnn", optimizer="sgd_momentum", training_size=100)
    called = {column.name: column.label for column in columns([kept(config)], only_differing=False)}
    assert called["training_size"] == "Training set size" and called["loss"] == "Loss function"
    assert called["architecture.kernel_size"] == "Kernel size" and called["optimizer.momentum"] == "Momentum"
    assert len(set(called.values())) == len(called), "no two alike"
    assert not set(called.values()) & {"Seconds", "Parameters", "Epochs done", "Steps", "Status", "Loss"}
    assert not any("_" in label for label in called.values())


def test_a_difference_of_matrices_is_blue_where_the_second_is_better():
    figure = matrix_difference(np.array([[8, 2], [1, 9]]), np.array([[10, 0], [3, 7]]), ["a", "b"])
    [trace] = figure["traces"]
    assert trace["text"] == [["+2", "-2"], ["+2", "-2"]]
    np.testing.assert_allclose(trace["z"], np.array([[2, 2], [-2, -2]]) / 3)
    assert "+0" in figure["about"]
