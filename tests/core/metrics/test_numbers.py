"""Metrics of predicted numbers, against scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn.metrics import (
    max_error,
    mean_absolute_error,
    median_absolute_error,
    r2_score,
    root_mean_squared_error,
)

from core.metrics.numbers import number_report, worst


def test_it_says_what_scikit_learn_says():
    random = np.random.default_rng(3)
    y = random.normal(50, 9, (80, 1)).astype(np.float32)
    predicted = y + random.normal(1, 4, (80, 1)).astype(np.float32)
    found = number_report(y, predicted, 0)
    assert found.mae == pytest.approx(mean_absolute_error(y, predicted), rel=1e-5)
    assert found.rmse == pytest.approx(root_mean_squared_error(y, predicted), rel=1e-5)
    assert found.r2 == pytest.approx(r2_score(y, predicted), rel=1e-5)
    assert found.median == pytest.approx(median_absolute_error(y, predicted), rel=1e-5)
    assert found.largest == pytest.approx(max_error(y, predicted), rel=1e-5)
    assert found.bias == pytest.approx(float((y - predicted).mean()), rel=1e-4)
    assert found.interval.low < found.mae < found.interval.high


def test_several_outputs_count_alike_and_the_worst_come_first():
    y = np.zeros((3, 2), np.float32)
    predicted = np.array([[1, 1], [0, 4], [0, 0]], np.float32)
    assert number_report(y, predicted, 0).mae == pytest.approx((1 + 2 + 0) / 3)
    assert worst(y, predicted, 2).tolist() == [1, 0]
