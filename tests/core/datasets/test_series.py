"""Numbers to predict: curves, Diabetes and series, their windows, and that no future is seen."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.data
import pytest
import sklearn.datasets
from hypothesis import given
from hypothesis import strategies as st

from core.datasets import DATASETS, Dataset, Preparation, Split
from core.datasets.curves import FUNCTIONS
from core.datasets.overview import glance
from core.datasets.scikit import numbers
from core.datasets.series import COMPANIES, naive, windows
from core.datasets.splits import split
from core.datasets.splits import test_set as shown_set
from core.parameters import FieldError

SERIES = ("sine", "sines", "demand", "stocks")


def test_hello_is_the_listing():
    made = DATASETS["hello"]
    found = split(made, Preparation(validation_share=0.0, scaling="none"))
    assert found.x.tolist() == [[1], [2], [3], [4]] and found.y.tolist() == [[2], [4], [6], [8]]
    assert found.x_test.tolist() == [[5]] and found.y_test.tolist() == [[10]]
    assert made.units == 1 and made.task == "regression"
    for share in (0.2, 0.5):
        other = split(made, Preparation(validation_share=share))
        assert other.x.shape == (4, 1) and other.examples >= 2
        np.testing.assert_allclose(other.x_test * other.deviation + other.mean, [[5]], rtol=1e-6)


@pytest.mark.parametrize("function, x, y", [
    ("line", [-1.5, 2], [-3, 4]), ("sine", [0, np.pi / 4], [0, 2]), ("steps", [-0.1, 2.9], [-1, 2]),
    ("polynomial", [0, 2, -2], [0, 0, 0])])
def test_curves(function, x, y):
    np.testing.assert_allclose(FUNCTIONS[function](np.array(x)), y, atol=1e-12)
    made = DATASETS["curve"].made_with({"function": function, "count": 77, "noise": 0.0, "data_seed": 2})
    data = made.load()
    assert made.examples == len(data.x) == 77 and np.abs(data.x).max() <= 3 and np.ptp(data.x) > 5
    np.testing.assert_allclose(data.y, FUNCTIONS[function](data.x), rtol=1e-5, atol=1e-5)
    noisy = DATASETS["curve"].made_with({"function": function, "count": 2000, "noise": 0.5}).load()
    assert (noisy.y - FUNCTIONS[function](noisy.x)).std() == pytest.approx(0.5, rel=0.05)


def test_diabetes_is_scikit_learn_s_as_measured():
    data, entry = DATASETS["diabetes"].load(), DATASETS["diabetes"]
    bunch = sklearn.datasets.load_diabetes(scaled=False)
    np.testing.assert_allclose(data.x, bunch.data, rtol=1e-6)
    np.testing.assert_allclose(data.y[:, 0], bunch.target)
    assert len(entry.features) == len(bunch.feature_names) and entry.features[2].startswith("body mass")
    # The body mass index is known to go with the target most, then s5 and the blood pressure.
    assert glance(entry).labels == (entry.features[2], entry.target)


def test_windows_by_hand():
    x, y = windows(np.array([1.0, 2, 3, 4, 5, 6]), 3, 2)
    assert x[:, :, 0].tolist() == [[1, 2, 3], [2, 3, 4]] and y.tolist() == [[4, 5], [5, 6]]
    assert naive(x, 2).tolist() == [[3, 3], [4, 4]]


@given(st.integers(2, 20), st.integers(1, 6), st.integers(26, 60))
def test_windows_follow_one_another(window, horizon, steps):
    values = np.arange(float(steps))
    x, y = windows(values, window, horizon)
    assert x.shape == (steps - window - horizon + 1, window, 1) and y.shape == (len(x), horizon)
    for index in range(len(x)):
        assert [*x[index, :, 0], *y[index]] == list(range(index, index + window + horizon))


def test_stocks_are_plotly_s():
    table = plotly.data.stocks(return_type="pandas")
    assert isinstance(table, pd.DataFrame) and tuple(table.columns[1:]) == COMPANIES
    for company in COMPANIES:
        made = DATASETS["stocks"].made_with({"company": company, "window": 7, "horizon": 3})
        data, prices = made.load(), table[company].to_numpy(np.float32)
        assert made.examples == len(data.x) == len(prices) - 9 and (made.units, made.shape) == (3, (7, 1))
        np.testing.assert_array_equal(data.x[5, :, 0], prices[5:12])
        np.testing.assert_array_equal(data.y[5], prices[12:15])
        np.testing.assert_array_equal(glance(made).up, prices)


def test_sines_are_the_sum_that_they_say():
    plain = DATASETS["sine"].made_with({"steps": 300, "noise": 0.0})
    np.testing.assert_allclose(glance(plain).up, np.sin(np.arange(300) / 10), atol=1e-6)
    values = glance(DATASETS["sines"].made_with({"steps": 5000, "noise": 0.0})).up
    power = np.abs(np.fft.rfft(values * np.hanning(5000)))
    peaks = [place for place in range(1, len(power) - 1)
             if power[place] > max(power[place - 1], power[place + 1]) and power[place] > 0.1 * power.max()]
    assert [round(5000 / place) for place in peaks] == [89, 31, 12]
    noisy = DATASETS["sine"].made_with({"steps": 5000, "noise": 0.4})
    assert (glance(noisy).up - np.sin(np.arange(5000) / 10)).std() == pytest.approx(0.4, rel=0.05)
    assert noisy != noisy.made_with({"steps": 5000, "noise": 0.4, "data_seed": 1})


def numbered(steps: int, window: int, horizon: int) -> Dataset:
    """A series whose values are their own numbers: whatever is seen says when it was."""
    made = DATASETS["sine"].made_with({"steps": steps, "window": window, "horizon": horizon})
    x, y = windows(np.arange(float(steps)), window, horizon)
    return replace(made, name=f"numbered {steps}", load=lambda: numbers(x, y))


def own(found: Split) -> list[tuple[np.ndarray, np.ndarray]]:
    """Inputs and targets of the three sets, in their own units, as whole numbers of steps."""
    sets = ((found.x_train, found.y_train), (found.x_validation, found.y_validation),
            (found.x_test, found.y_test))
    assert found.target_mean is not None and found.target_deviation is not None
    return [(np.rint(x * found.deviation + found.mean).astype(int)[:, :, 0],
             np.rint(y * found.target_deviation + found.target_mean).astype(int)) for x, y in sets]


@given(st.integers(2, 30), st.integers(1, 20), st.integers(100, 300), st.floats(0, 0.5),
       st.integers(0, 100), st.sampled_from(["standard", "none"]))
def test_time_runs_from_training_to_validation_to_test(window, horizon, steps, share, size, scaling):
    try:
        made = numbered(steps, window, horizon)
    except FieldError:
        return
    preparation = Preparation(0, share, training_size=size, scaling=scaling)
    sets = own(split(made, preparation))
    training, validation, testing = sets
    assert len(training[0]) and len(testing[0]) and bool(len(validation[0])) == (share > 0 and size != 1)
    order = [part for part in sets if len(part[0])]
    for (x, y), (_, later) in itertools.pairwise(order):
        # Whatever is a target of a later set has been neither seen nor forecast before.
        assert max(x.max(), y.max()) < later.min()
    for x, y in order:
        np.testing.assert_array_equal(np.diff(x[:, 0]), 1)
        np.testing.assert_array_equal(y[:, 0], x[:, -1] + 1)
    # The newest are for testing, and nothing newer is left out.
    assert testing[1].max() == steps - 1 and len(testing[0]) == pytest.approx(0.2 * made.examples, abs=1)


@pytest.mark.parametrize("name", [*SERIES, "curve", "diabetes"])
@pytest.mark.parametrize("horizon", [1, 5])
@pytest.mark.parametrize("size", [0, 30])
def test_shapes_and_test_set_do_not_depend_on_the_share_of_validation(name, horizon, size):
    entry = DATASETS[name]
    made = entry.made_with({"horizon": horizon}) if name in SERIES else entry
    splits = [split(made, Preparation(4, share, training_size=size)) for share in (0.0, 0.1, 0.37, 0.5)]
    for one in splits:
        assert one.x.shape == splits[0].x.shape and one.y.shape == splits[0].y.shape
        shown = shown_set(made, Preparation(4, 0.2))
        assert one.mean is not None and one.target_mean is not None and one.target_deviation is not None
        np.testing.assert_allclose(one.x_test * one.deviation + one.mean, shown.x, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(one.y_test * one.target_deviation + one.target_mean, shown.y, rtol=1e-4,
                                   atol=1e-4)
        np.testing.assert_allclose(one.x_train.reshape(-1, one.x.shape[-1]).mean(axis=0, dtype=float), 0,
                                   atol=1e-4)
        np.testing.assert_allclose(one.y_train.std(axis=0, dtype=float), 1, atol=1e-4)
    assert len(splits[0].y) == (size or len(splits[0].y))


def test_series_too_short_for_their_windows_are_refused():
    for values in ({"window": 100}, {"window": 50, "horizon": 20}):
        with pytest.raises(FieldError, match="Lower the window or the horizon") as refused:
            DATASETS["stocks"].made_with(values)
        assert refused.value.field == "dataset_parameters.window"
    with pytest.raises(FieldError, match="Stock prices has 105 values"):
        DATASETS["stocks"].made_with({"window": 100, "horizon": 10})


@given(st.integers(2, 100), st.integers(1, 20), st.integers(100, 400), st.floats(0, 0.5))
def test_every_series_that_is_not_refused_can_be_split(window, horizon, steps, share):
    try:
        made = DATASETS["sine"].made_with({"window": window, "horizon": horizon, "steps": steps})
    except FieldError:
        assert steps - window - horizon + 1 < 60
        return
    found = split(made, Preparation(0, share))
    assert found.examples >= 2 and len(found.y_test) >= 1 and (found.validation > 0) == (share > 0)
    assert found.y.shape[1] == horizon == made.units


def test_naive_forecast_is_perfect_only_where_nothing_changes():
    data = DATASETS["stocks"].made_with({"company": "MSFT"}).load()
    error = np.abs(naive(data.x, 1) - data.y).mean()
    assert 0 < error < np.abs(data.x[:, :1, 0] - data.y).mean()


@pytest.mark.parametrize("name", ["hello", "curve", "diabetes"])
def test_glance_of_numbers(name):
    entry, seen = DATASETS[name], glance(DATASETS[name])
    assert seen.counts == () and seen.images is None and len(seen.across) == len(seen.up) == entry.examples
    assert len(seen.rows) == len(seen.row_targets) == 4 and not seen.row_classes
    data = entry.load()
    np.testing.assert_allclose(seen.rows, data.x[:4])
    np.testing.assert_allclose(seen.row_targets, data.y[:4, 0])
    assert not seen.dot_classes.any()
