"""The learning-rate finder on curves whose best rate is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.finder import end_of_sweep, smoothed, suggestion, sweep_rates


def valley(rates: np.ndarray, middle: float, width: float = 0.4, wall: float | None = None) -> np.ndarray:
    """A loss that falls from 2.3 to 0.3, most steeply at `middle`, and explodes from `wall` on."""
    losses = 0.3 + 2 / (1 + (rates / middle) ** (1 / width))
    return losses if wall is None else losses + (rates / wall) ** 3


def noisy(losses: np.ndarray, noise: float, seed: int) -> np.ndarray:
    return losses + noise * np.random.default_rng(seed).normal(size=len(losses))


def test_rates_rise_by_the_same_factor():
    rates = sweep_rates(1e-6, 10.0, 71)
    assert rates[0] == np.float32(1e-6) and rates[-1] == np.float32(10)
    np.testing.assert_allclose(rates[1:] / rates[:-1], 10 ** 0.1, rtol=1e-5)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=50), st.floats(0, 0.99))
def test_the_average_is_that_of_pandas(values: list[float], smoothing: float):
    expected = pd.Series(values).ewm(alpha=1 - smoothing, adjust=True).mean()
    np.testing.assert_allclose(smoothed(values, smoothing), expected, rtol=1e-6, atol=1e-6)


def test_a_sweep_ends_where_the_loss_explodes():
    losses = np.r_[np.full(30, 2.0), np.geomspace(2.0, 2000.0, 20)]
    end = end_of_sweep(losses)
    means = pd.Series(losses).ewm(alpha=0.1).mean()
    assert end == int((means > 8).to_numpy().argmax()) > 30
    assert end is not None and end_of_sweep(losses[:end]) is None and end_of_sweep(losses[:end + 1]) == end
    for broken in (np.nan, np.inf, 1e308):
        assert end_of_sweep([2.0, 1.9, broken, 1.8]) == 2
    assert end_of_sweep([]) is None and end_of_sweep([1.0]) is None


@pytest.mark.parametrize("steps", [40, 100, 300])
@pytest.mark.parametrize("middle", [1e-4, 1e-3, 1e-2])
def test_a_suggestion_is_near_the_steepest_descent(steps: int, middle: float):
    rates = sweep_rates(1e-6, 10.0, steps)
    found = suggestion(rates, valley(rates, middle, wall=100 * middle))
    assert found is not None and middle / 3 < found < 3 * middle


@pytest.mark.parametrize("seed", range(20))
def test_a_suggestion_bears_noise(seed: int):
    rates = sweep_rates(1e-5, 10.0, 100)
    found = suggestion(rates, noisy(valley(rates, 0.01, wall=1.0), 0.1, seed))
    assert found is not None and 0.01 / 6 < found < 6 * 0.01


def test_a_suggestion_is_well_before_the_minimum():
    """Where the loss falls right up to the cliff, its steepest point is too near."""
    rates = sweep_rates(1e-4, 1.0, 81)
    losses = 2.0 - np.linspace(0, 1, 81) ** 4
    losses[60:] = 50.0
    found = suggestion(rates, losses)
    assert found is not None and rates[30] < found < rates[60] / 3


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_suggested_where_nothing_fell(seed: int):
    rates = sweep_rates(1e-6, 10.0, 100)
    assert suggestion(rates, noisy(np.full(100, 2.3), 0.2, seed)) is None
    assert suggestion(rates, noisy(np.linspace(2.0, 7.0, 100), 0.2, seed)) is None


def test_nothing_is_suggested_of_a_sweep_that_ends_at_once():
    rates = sweep_rates(1e-6, 10.0, 100)
    for losses in ([], [np.nan], np.full(100, np.nan), np.r_[np.full(4, 2.0), np.full(96, np.inf)],
                   np.full(100, 2.3), np.zeros(100)):
        assert suggestion(rates[:len(losses)], losses) is None


@given(st.integers(0, 999), st.integers(10, 120), st.floats(1e-3, 1e3))
def test_the_unit_of_the_loss_does_not_matter(seed: int, steps: int, unit: float):
    rates = sweep_rates(1e-5, 10.0, steps)
    losses = noisy(valley(rates, 0.01, wall=1.0), 0.05, seed)
    found, again = suggestion(rates, losses), suggestion(rates, unit * losses)
    assert (found is None) == (again is None)
    if found is not None and again is not None:
        assert rates[0] * 0.99 < found < rates[-1] and again == pytest.approx(found, rel=1e-6)
