"""Cells of the confusion matrix: which test examples an evaluation counted in each of them."""

import numpy as np

from core.runs.evaluations import Evaluation

Cell = tuple[int, int]  # true class, predicted class


def examples_in(evaluation: Evaluation, labels: np.ndarray, cell: Cell) -> np.ndarray:
    """The test examples that the evaluation counts in a cell, int (k,), ascending.

    labels: int (n,), the true classes of the whole test set. Empty where it is not known what was predicted,
    as in runs that an earlier version stored.
    """
    if evaluation.predicted is None:
        return np.zeros(0, np.int64)
    counted = _counted(evaluation)
    true, predicted = cell
    return counted[(labels[counted] == true) & (evaluation.predicted == predicted)]


def cell_of(evaluation: Evaluation, labels: np.ndarray, example: int) -> Cell | None:
    """The cell that a test example is counted in; None if it is not counted."""
    if evaluation.predicted is None or not 0 <= example < len(labels):
        return None
    place = np.flatnonzero(_counted(evaluation) == example)
    return (int(labels[example]), int(evaluation.predicted[place[0]])) if len(place) else None


def next_in(examples: np.ndarray, current: int) -> int | None:
    """The first of a cell's examples, or the one after `current` if that is one of them; None without any."""
    if not len(examples):
        return None
    later = examples[examples > current] if current in examples else examples
    return int(later[0] if len(later) else examples[0])


def _counted(evaluation: Evaluation) -> np.ndarray:
    assert evaluation.predicted is not None
    return np.arange(len(evaluation.predicted)) if evaluation.indices is None else evaluation.indices
