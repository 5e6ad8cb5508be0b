"""Weights set by hand: only those that the network has, only finite ones, and only in a copy."""

import numpy as np
import pytest

from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.weight_edits import checked_edits, edited

IRIS = RunConfig(architecture_parameters={"hidden_units": [5]})


def test_edits_are_made_in_a_copy_and_the_last_one_counts():
    weights = [np.zeros((4, 5), np.float32), np.zeros(5), np.zeros((5, 3)), np.zeros(3)]
    edits = checked_edits(IRIS, [["dense_1/kernel", 7, 1], ["logits/bias", 2, -2.5],
                                 ["dense_1/kernel", 7, 3.5]])
    found = edited(IRIS, weights, edits)
    assert found[0][1, 2] == 3.5 and found[3].tolist() == [0, 0, -2.5] and found[0].dtype == np.float32
    assert sum(np.count_nonzero(one) for one in found) == 2 and not any(one.any() for one in weights)


@pytest.mark.parametrize("rows, words", [
    ([["dense_1/kernel", 20, 1.0]], "0 to 19"), ([["dense_1/kernel", -1, 1.0]], "0 to 19"),
    ([["dense_1/kernel", True, 1.0]], "0 to 19"), ([["dense_2/kernel", 0, 1.0]], "one of dense_1/kernel"),
    ([[["x"], 0, 1.0]], "one of"), ([["dense_1/bias", 0, float("nan")]], "between"),
    ([["dense_1/bias", 0, 1.1e6]], "between"), ([["dense_1/bias", 0, 10**400]], "between"),
    ([["dense_1/bias", 0, "1"]], "between"), ([["dense_1/bias", 0]], "row"), ([None], "row"),
    ("dense_1/bias", "list"), (None, "list"), ([["dense_1/bias", 0, 1.0]] * 44, "at most 43")])
def test_anything_else_is_refused_in_words(rows, words):
    with pytest.raises(FieldError, match=words):
        checked_edits(IRIS, rows)


def test_networks_whose_weights_stay_on_the_worker_are_refused():
    with pytest.raises(FieldError, match="small dense networks"):
        checked_edits(RunConfig(dataset="digits", architecture="cnn"), [])
