"""What would have to change for another answer, on networks whose answer is known."""

import numpy as np
import pytest

from core.runs.evaluations import Flip
from core.training.flips import flip

LENGTH = {"name": "length", "at": [0], "low": 0.0, "high": 10.0, "step": 0.05}
WIDTH = {"name": "width", "at": [1], "low": 0.0, "high": 1.0, "step": 0.005}
COLOUR = {"name": "colour", "at": [2, 3, 4], "options": ["red", "green", "blue"]}
OWNS = {"name": "owns", "at": [2], "options": ["no", "yes"]}


def test_the_smallest_change_is_a_share_of_the_features_range():
    # From (4, 0.4): the length would have to reach 6.6, 26 % of its range further; the width 0.53, 13 %.
    found = flip([LENGTH, WIDTH], np.array([4.0, 0.4]), lambda x: (x[:, 0] + 20 * x[:, 1] > 14.6).astype(int))
    assert found is not None and (found.field, found.to) == (1, 1)
    assert found.value == pytest.approx(0.53, abs=1e-3), "not a point of the grid, but the edge"
    found = flip([LENGTH, WIDTH], np.array([4.0, 0.4]), lambda x: (x[:, 0] + x[:, 1] < 3).astype(int))
    assert found is not None and found.field == 0 and found.value == pytest.approx(2.6, abs=1e-2)


def test_a_category_is_changed_as_a_whole_and_only_where_no_number_is_nearer():
    x = np.array([4.0, 0.4, 1, 0, 0])
    blue = flip([COLOUR], x, lambda rows: (rows[:, 4] > 0.5).astype(int))
    assert blue == Flip(0, 2, 1)
    near = flip([COLOUR, LENGTH], x, lambda rows: ((rows[:, 4] > 0.5) | (rows[:, 0] > 9)).astype(int) * 2)
    assert near is not None and (near.field, near.to) == (1, 2)
    assert flip([OWNS], np.array([4.0, 0.4, 1]), lambda rows: (rows[:, 2] < 0.5).astype(int)) == Flip(0, 0, 1)


def test_where_nothing_changes_the_answer_it_says_so():
    assert flip([LENGTH, COLOUR], np.zeros(5), lambda rows: np.zeros(len(rows), int)) is None
    assert flip([], np.zeros(2), lambda rows: np.zeros(len(rows), int)) is None
    assert flip([LENGTH | {"high": 0.0}], np.zeros(2), lambda rows: np.arange(len(rows))) is None
