"""Metrics against scikit-learn on the examples themselves, and against hand-made quotients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from core.evaluation import metrics


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_matrix_gives_what_the_examples_give(pairs):
    true, predicted = zip(*pairs, strict=True)
    found = metrics(confusion_matrix(true, predicted, labels=range(4)))
    columns = precision_recall_fscore_support(true, predicted, labels=range(4), zero_division=0)
    for one, precision, recall, f1, support in zip(found.classes, *columns, strict=True):
        assert (one.precision, one.recall, one.f1) == pytest.approx((precision, recall, f1))
        assert one.support == support
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
