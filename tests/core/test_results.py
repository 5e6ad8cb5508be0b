"""The history as arrays: the same as its rows, however it grew."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.results import EpochEnd, History, Progress


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_a_table_that_is_asked_for_in_between_is_that_of_all_rows(growth: list[tuple[int, int]]):
    history = History()
    for steps, epochs in growth:
        for _ in range(steps):
            step = len(history.steps) + 1
            history.append(Progress(step, step / 3, 1 / step, 0.5, 0.1, step))
        for _ in range(epochs):
            epoch = len(history.epochs) + 1
            history.append(EpochEnd(epoch, 3 * epoch, 1 / epoch, 0.5, None, None))
        np.testing.assert_array_equal(history.table("steps"), np.asarray(history.steps).reshape(-1, 4))
        np.testing.assert_array_equal(history.table("epochs"), np.asarray(history.epochs).reshape(-1, 5))
