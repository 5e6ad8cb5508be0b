"""Losses agree with Keras's of the same names, for every task, and weights with scikit-learn's."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight

from core.catalog.losses import DEFAULT_LOSS, LOSSES, Loss, balanced_weights, losses_for
from core.datasets.dataset import TASKS

EVERY_LOSS = pytest.mark.parametrize("entry", LOSSES.values(), ids=LOSSES)


@EVERY_LOSS
def test_keras_takes_a_loss_at_its_defaults_and_ends(entry: Loss):
    keras: Any = pytest.importorskip("keras")
    for end in ("default", "low", "high"):
        told = entry.in_keras({parameter.name: getattr(parameter, end) for parameter in entry.parameters})
        getattr(keras.losses, told.class_name)(**told.arguments)
    assert hasattr(keras.losses, entry.class_name) and entry.output in ("linear", entry.probabilities)


def test_every_task_has_losses_and_begins_with_the_usual_one():
    for task in TASKS:
        several = losses_for(task, 3 if task == "classification" else 0)
        assert several[0] == DEFAULT_LOSS[task]
        # Of hidden words, only their probability says how surprising they are.
        count = 1 if task == "guessing" else 3
        assert len({LOSSES[name].label for name in several}) == len(several) == count
    assert set(losses_for("reconstruction", 0, images=True)) - set(losses_for("reconstruction", 0)) == {
        "pixel_cross_entropy"}
    assert set(losses_for("classification", 2)) - set(losses_for("classification", 3)) == {
        "binary_cross_entropy"}
    assert {task for entry in LOSSES.values() for task in entry.tasks} == set(TASKS)


def test_only_smoothed_labels_need_rows():
    entry = LOSSES["cross_entropy"]
    assert entry.in_keras({"label_smoothing": 0.0}) == (
        "SparseCategoricalCrossentropy", {"from_logits": True}, False)
    assert entry.in_keras({"label_smoothing": 0.2}) == (
        "CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, True)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12).filter(any))
def test_balanced_weights_are_those_of_scikit_learn(counts: list[int]):
    y = np.repeat(np.arange(len(counts)), counts)
    own, there = balanced_weights(counts), np.unique(y)
    np.testing.assert_allclose(own[there], compute_class_weight("balanced", classes=there, y=y), rtol=1e-6)
    assert own.dtype == np.float32 and np.all(own[np.array(counts) == 0] == 0)
    assert own[y].mean() == pytest.approx(1, rel=1e-5)
