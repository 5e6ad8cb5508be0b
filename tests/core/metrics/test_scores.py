"""Metrics against scikit-learn on the examples themselves, and against hand-made quotients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    mean_absolute_error,
    precision_recall_fscore_support,
    r2_score,
    root_mean_squared_error,
)

from core.metrics.scores import metrics, regression_metrics


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_matrix_gives_what_the_examples_give(pairs):
    true, predicted = zip(*pairs, strict=True)
    found = metrics(confusion_matrix(true, predicted, labels=range(4)))
    columns = precision_recall_fscore_support(true, predicted, labels=range(4), zero_division=0)
    for kind, precision, recall, f1, support in zip(found.classes, *columns, strict=True):
        assert (kind.precision, kind.recall, kind.f1) == pytest.approx((precision, recall, f1))
        assert kind.support == support
    assert found.accuracy == pytest.approx(accuracy_score(true, predicted))


def test_by_hand():
    found = metrics(np.array([[8, 2], [1, 4]]))
    assert found.accuracy == pytest.approx(12 / 15)
    assert found.classes[0].precision == pytest.approx(8 / 9)
    assert found.classes[0].recall == pytest.approx(8 / 10)
    assert found.classes[1].f1 == pytest.approx(2 * (4 / 6) * (4 / 5) / (4 / 6 + 4 / 5))
    assert found.classes[1].support == 5


def test_a_class_never_seen_and_no_example_at_all():
    found = metrics(np.array([[3, 0], [0, 0]]))
    assert (found.classes[1].precision, found.classes[1].recall, found.classes[1].f1) == (0, 0, 0)
    nothing = metrics(np.zeros((3, 3), int))
    assert np.isnan(nothing.accuracy) and len(nothing.classes) == 3


NUMBERS = st.floats(-1e3, 1e3, width=32)


@given(st.lists(st.tuples(*[NUMBERS] * 4), min_size=2, max_size=40))
def test_numbers_give_what_scikit_learn_gives(rows):
    table = np.array(rows)
    # Whatever is drawn, each output varies: scikit-learn calls R² of a constant 0 or 1.
    table[0, :2] = table[1, :2] + 1
    mae, rmse, r2 = regression_metrics(table[:, :2], table[:, 2:])
    assert mae == pytest.approx(mean_absolute_error(table[:, :2], table[:, 2:]))
    assert rmse == pytest.approx(root_mean_squared_error(table[:, :2], table[:, 2:]))
    assert r2 == pytest.approx(r2_score(table[:, :2], table[:, 2:]))


def test_a_constant_target_has_no_r2():
    constant = np.full((5, 1), 3.0)
    assert np.isnan(regression_metrics(constant, constant + 1)[2])
    assert regression_metrics(constant, constant + 1)[:2] == (1.0, 1.0)
    varied = np.arange(5.0)[:, None]
    both = regression_metrics(np.hstack([constant, varied]), np.hstack([constant, varied + 1]))
    assert both[2] == pytest.approx(r2_score(varied, varied + 1)), "of several, those that vary count"
    assert np.isnan(regression_metrics(varied[:1], varied[:1])[2])
    assert np.isnan(regression_metrics(varied[:0], varied[:0])).all()
