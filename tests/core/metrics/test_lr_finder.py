"""The learning-rate finder on curves whose best rate is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.metrics.lr_finder import (
    around,
    chosen,
    doubt,
    end_of_sweep,
    far_apart,
    lowest,
    smoothed,
    sweep_rates,
)


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


def curve(best_rate: float, rates: list[float], spread: float = 0.0) -> dict[float, np.ndarray]:
    """Losses of four trainings at each rate: a parabola over its logarithm, and what luck makes of it."""
    random = np.random.default_rng(1)
    return {rate: np.exp(np.log10(rate / best_rate) ** 2 + spread * random.normal(size=4)) for rate in rates}


@pytest.mark.parametrize("best_rate", [0.001, 0.004, 0.02, 0.5])
def test_the_best_rate_is_found_within_a_third_of_a_power_of_ten(best_rate: float):
    far = {rate: float(losses[0]) for rate, losses in curve(best_rate, far_apart(3.0)).items()}
    near = curve(best_rate, around(lowest(far)))
    assert abs(np.log10(chosen(near) / best_rate)) < 1 / 6 and doubt(far, near) == ""
    assert len(far) == 9 and min(far) == pytest.approx(3e-4)


def test_a_rate_that_is_good_by_luck_is_not_chosen():
    near = {rate: np.array(losses) for rate, losses in (
        (0.01, [0.5, 0.5, 0.5]), (0.02, [0.48, 0.55, 0.5]), (0.05, [0.3, 2.0, 2.0]))}
    assert chosen(near) == 0.02
    assert "poor for others" in doubt({1.0: 2.0, 0.02: 0.5, 1e-4: 2.0}, near | {
        rate: np.full(3, 0.6) for rate in (0.03, 0.04)})
    assert chosen({0.1: np.array([0.1, np.inf]), 0.01: np.array([0.5, 0.6])}) == 0.01


def test_the_finder_says_why_it_is_not_sure():
    rates, middle = far_apart(3.0), 3 * 10 ** -2
    far = {rate: float(losses[0]) for rate, losses in curve(middle, rates).items()}
    near = curve(middle, around(middle))
    halfway = {rate: float(losses[0]) for rate, losses in curve(middle, around(middle)).items()}
    assert doubt(far, near) == doubt(far, near, halfway) == ""
    assert "how long" in doubt(far, {rate: losses ** 9 for rate, losses in near.items()}, {
        rate: 1 / loss for rate, loss in halfway.items()})
    assert "initial weights" in doubt(far, curve(middle, around(middle), spread=0.8))
    assert "outside" in doubt({rate: rate for rate in rates}, near)
    assert "outside" in doubt({rate: 1 / rate for rate in rates}, near)
    assert doubt(far, {rate: np.full(4, np.nan) for rate in around(middle)})
