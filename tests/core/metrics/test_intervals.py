"""Intervals and paired tests, against formulas worked out by hand."""

from math import comb, inf, pi, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from core.metrics.intervals import Interval, bootstrap, mcnemar, wilson


def by_formula(right: int, examples: int) -> tuple[float, float]:
    """Wilson's interval as it is written in every textbook."""
    z, share = norm.ppf(0.975), right / examples
    middle = (share + z**2 / (2 * examples)) / (1 + z**2 / examples)
    half = z / (1 + z**2 / examples) * sqrt(share * (1 - share) / examples + z**2 / (4 * examples**2))
    return middle - half, middle + half


@pytest.mark.parametrize("right, examples", [(29, 30), (28, 30), (1, 2), (9876, 10_000), (0, 7), (7, 7)])
def test_wilson_is_its_formula(right, examples):
    assert wilson(right, examples) == pytest.approx(by_formula(right, examples), abs=1e-12)


def test_thirty_flowers_cannot_tell_two_networks_apart():
    better, worse = wilson(29, 30), wilson(28, 30)
    assert better == pytest.approx((0.8333, 0.9941), abs=1e-4)
    assert better.overlaps(worse) and worse.overlaps(better)
    assert not Interval(0.1, 0.2).overlaps(Interval(0.3, 0.4))


def answers(both: int, first: int, second: int, none: int) -> tuple[np.ndarray, np.ndarray]:
    """Who is right: both, only the first, only the second, none of them."""
    counts = [both, first, second, none]
    return np.repeat([True, True, False, False], counts), np.repeat([True, False, True, False], counts)


def test_mcnemar_by_hand():
    found = mcnemar(*answers(20, 1, 6, 3))
    assert (found.first, found.second) == (1, 6)
    # At most one of seven coins is heads, or at most one tails.
    assert found.p == pytest.approx(2 * (comb(7, 0) + comb(7, 1)) / 2**7)


@pytest.mark.parametrize("first, second, p", [(0, 0, 1.0), (3, 3, 1.0), (1, 0, 1.0), (0, 5, 2 / 2**5),
                                              (10, 0, 2 / 2**10)])
def test_mcnemar_of_few(first, second, p):
    assert mcnemar(*answers(5, first, second, 2)).p == pytest.approx(p)


def test_bootstrap_is_near_the_interval_of_a_mean():
    values = np.random.default_rng(0).normal(3, 2, 400)
    low, high = bootstrap(values, seed=1)
    half = norm.ppf(0.975) * values.std() / sqrt(len(values))
    assert low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_bootstrap_is_the_same_for_the_same_seed():
    values = np.random.default_rng(0).exponential(1, 50)
    assert bootstrap(values, 1) == bootstrap(values, 1) != bootstrap(values, 2)
    assert bootstrap(np.full(9, 2.5), 0) == (2.5, 2.5)
    with pytest.raises(ValueError, match="no value"):
        bootstrap(values[:0], 0)


# Draws of values, and their true mean.
ERRORS = {
    "differences": (lambda random, size: random.normal(0, 1, size), 0.0),
    "absolute errors": (lambda random, size: np.abs(random.normal(0, 1, size)), sqrt(2 / pi)),
    "a long tail": (lambda random, size: random.exponential(1, size), 1.0)}


@pytest.mark.parametrize("count", [10, 30])
@pytest.mark.parametrize("name", ERRORS)
def test_an_interval_of_95_percent_covers_95_percent(name: str, count: int):
    """Of few errors and of skewed ones too; the plain percentiles of ten values cover 88 %."""
    draw, mean = ERRORS[name]
    sets = draw(np.random.default_rng(1), (600, count))
    found = [bootstrap(values, seed, resamples=500) for seed, values in enumerate(sets)]
    covered = np.mean([low <= mean <= high for low, high in found])
    # The standard error of 600 sets is 0.009.
    assert 0.92 <= covered <= 0.98


@pytest.mark.parametrize("values, expected", [
    ([2.0], (0, inf)), ([-2.0], (-inf, inf)), ([0.1] * 3, (0.1, 0.1)), ([0.0] * 9, (0, 0))])
def test_an_interval_of_next_to_nothing(values: list[float], expected: tuple[float, float]):
    assert bootstrap(np.array(values), 0) == pytest.approx(expected)


@pytest.mark.parametrize("values", [[1.0, 3.0], [0.0, 0.0, 7.0], [0.0] * 30 + [5.0], [-1e-300, 1e300, 0.0]])
def test_an_interval_of_few_has_ends(values: list[float]):
    low, high = bootstrap(np.array(values), 0)
    assert low < np.mean(values) < high < inf and (low >= 0 or min(values) < 0)
