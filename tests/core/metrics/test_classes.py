"""Metrics of predicted classes, compared with other functions of scikit-learn and with counts by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import classification_report, log_loss, recall_score

from core.metrics.classes import cell, class_report, confident_mistakes

# Five examples: the third is a 1 taken for a 0 with 0.9, the fourth a 2 taken for a 1 with 0.6.
Y = np.array([0, 0, 1, 2, 2], np.int32)
PROBABILITIES = np.array([[0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.9, 0.05, 0.05], [0.1, 0.6, 0.3],
                          [0.2, 0.2, 0.6]], np.float32)


def drawn(seed: int, examples: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return (random.integers(classes, size=examples).astype(np.int32),
            random.dirichlet(np.ones(classes), examples).astype(np.float32))


def test_by_hand():
    found = class_report(Y, PROBABILITIES)
    assert found.matrix.tolist() == [[2, 0, 0], [1, 0, 0], [0, 1, 1]]
    assert found.accuracy == pytest.approx(3 / 5)
    assert found.balanced_accuracy == pytest.approx((1 + 0 + 1 / 2) / 3)
    assert (found.classes[0].precision, found.classes[0].recall, found.classes[0].support) == (2 / 3, 1, 2)
    assert found.macro.f1 == pytest.approx((0.8 + 0 + 2 / 3) / 3)
    assert found.weighted.f1 == pytest.approx((2 * 0.8 + 0 + 2 * 2 / 3) / 5)
    assert found.log_loss == pytest.approx(-np.log([0.8, 0.7, 0.05, 0.3, 0.6]).mean(), rel=1e-6)


@given(st.integers(0, 2**20), st.integers(1, 200), st.integers(2, 6))
def test_it_says_what_scikit_learn_says(seed, examples, classes):
    y, probabilities = drawn(seed, examples, classes)
    found = class_report(y, probabilities)
    told = classification_report(y, probabilities.argmax(1), labels=range(classes), output_dict=True,
                                 zero_division=0)
    for label, kind in enumerate(found.classes):
        wanted = told[str(label)]
        assert (kind.precision, kind.recall, kind.f1) == pytest.approx(
            (wanted["precision"], wanted["recall"], wanted["f1-score"]))
        assert kind.support == wanted["support"]
    for name, one in (("macro avg", found.macro), ("weighted avg", found.weighted)):
        assert (one.precision, one.recall, one.f1) == pytest.approx(
            (told[name]["precision"], told[name]["recall"], told[name]["f1-score"]))
    assert found.balanced_accuracy == pytest.approx(recall_score(
        y, probabilities.argmax(1), labels=np.unique(y), average="macro", zero_division=0))
    exact = probabilities.astype(float)
    assert found.log_loss == pytest.approx(log_loss(y, exact / exact.sum(1)[:, None], labels=range(classes)))


def test_the_most_confident_mistake_comes_first():
    assert confident_mistakes(Y, PROBABILITIES, 10).tolist() == [2, 3]
    assert confident_mistakes(Y, PROBABILITIES, 1).tolist() == [2]
    assert confident_mistakes(Y[:2], PROBABILITIES[:2], 10).tolist() == []


def test_a_cell_holds_its_examples_the_most_confident_first():
    assert cell(Y, PROBABILITIES, 0, 0).tolist() == [0, 1]
    assert cell(Y, PROBABILITIES, 2, 1).tolist() == [3]
    assert cell(Y, PROBABILITIES, 0, 2).tolist() == []


@given(st.integers(0, 2**20), st.integers(1, 100), st.integers(2, 5))
def test_the_cells_are_all_examples_once(seed, examples, classes):
    y, probabilities = drawn(seed, examples, classes)
    matrix = class_report(y, probabilities).matrix
    cells = {(row, column): cell(y, probabilities, row, column)
             for row in range(classes) for column in range(classes)}
    assert {place: len(found) for place, found in cells.items()} == {
        place: matrix[place] for place in cells}
    assert sorted(np.concatenate(list(cells.values())).tolist()) == list(range(examples))
