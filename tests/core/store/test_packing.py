"""Curves and test results as bytes: they come back, thinned where they are long, and never as a pickle."""

import io
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.runs.events import Progress
from core.runs.history import History
from core.store.packing import (
    POINTS,
    CorruptData,
    Curves,
    Scores,
    curves_of,
    pack_curves,
    pack_scores,
    scores_of,
    unpack_curves,
    unpack_scores,
)
from tests.core.store import made

SINGLE = st.floats(width=32)
ROWS = st.integers(0, 20)


@st.composite
def curves(draw: st.DrawFn) -> Curves:
    """Tables of any single-precision numbers."""
    steps = draw(arrays.arrays(np.float64, st.tuples(ROWS, st.just(5)), elements=SINGLE))
    steps[:, 0] = draw(arrays.arrays(np.int64, len(steps), elements=st.integers(0, 2**53)))
    rates = draw(st.lists(st.tuples(st.integers(0, 10**9), st.floats(1e-5, 10)), max_size=5))
    return Curves(steps, draw(arrays.arrays(np.float64, st.tuples(ROWS, st.just(5)), elements=SINGLE)),
                  draw(st.integers(0, 10**6)), tuple(rates))


@given(curves())
def test_curves_come_back(one: Curves):
    again = unpack_curves(pack_curves(one))
    np.testing.assert_array_equal(again.steps, one.steps)
    np.testing.assert_array_equal(again.epochs, one.epochs)
    assert (again.steps_per_epoch, again.learning_rates) == (one.steps_per_epoch, one.learning_rates)


COUNTS = arrays.arrays(np.int64, st.tuples(st.integers(0, 10), st.integers(0, 10)),
                       elements=st.integers(0, 2**40))
LIST = st.none() | arrays.arrays(np.int64, st.integers(0, 50), elements=st.integers(0, 10**6))
ERRORS = st.none() | arrays.arrays(np.float32, st.integers(0, 50), elements=SINGLE)


@given(matrix=COUNTS, examples=st.integers(0, 10**6), loss=st.floats(), metric=st.floats(),
       complete=st.booleans(), rmse=st.floats(), r2=st.floats(), wrong=LIST, errors=ERRORS,
       odd_errors=ERRORS, liked=LIST)
def test_test_results_come_back(**values):
    again = unpack_scores(pack_scores(Scores(**values)))
    for name, value in values.items():
        np.testing.assert_equal(getattr(again, name), value)


def test_a_short_history_is_kept_whole_with_the_seconds_of_each_step():
    history = made.history(epochs=5, steps_per_epoch=4)
    kept = curves_of(history)
    assert kept.steps[:, :4].tolist() == [list(row) for row in history.steps]
    assert kept.steps[:, 4].tolist() == [step / 8 for step in range(1, 21)]
    assert kept.epochs.tolist() == [list(row) for row in history.epochs]
    assert kept.steps_per_epoch == 4


@given(st.integers(POINTS + 1, 6000), st.integers(0, 2**31))
def test_a_long_history_keeps_its_ends_and_extremes(steps: int, seed: int):
    random = np.random.default_rng(seed)
    history = History()
    for step, (loss, metric) in enumerate(random.random((steps, 2)), 1):
        history.append(Progress(step, step / 7, loss, metric, step / 3, step))
    rows, kept = history.table("steps"), curves_of(history).steps
    assert len(kept) <= POINTS + 4
    assert [kept[0, 0], kept[-1, 0]] == [1, steps]
    for column in (2, 3):
        assert kept[:, column].min() == rows[:, column].min()
        assert kept[:, column].max() == rows[:, column].max()
    # Every kept row is one of the history, with the seconds of its own step.
    np.testing.assert_array_equal(kept[:, :4], rows[kept[:, 0].astype(int) - 1])
    np.testing.assert_array_equal(kept[:, 4], kept[:, 0] / 3)


def test_a_later_attempt_keeps_the_seconds_that_belong_to_its_steps():
    from core.runs.events import Resumed
    history = made.history(epochs=3, steps_per_epoch=4).cut(Resumed(5, 1, 0.6, 160))
    history.append(Progress(6, 1.5, 0.1, 0.9, 0.7, 192))
    assert curves_of(history).steps[:, [0, 4]].tolist() == [
        [1, 0.125], [2, 0.25], [3, 0.375], [4, 0.5], [5, 0.625], [6, 0.7]]


def test_wrong_examples_of_a_table_and_errors_of_numbers_are_kept_and_no_example():
    assert scores_of(made.evaluation(right=27), classes=True, images=False).wrong.tolist() == [0, 1, 2]
    assert scores_of(made.evaluation(), classes=True, images=True).wrong is None
    expected = np.array([[1.0, 5.0], [2.0, 2.0]], np.float32)
    kept = scores_of(made.numbers(expected, expected + [[1, 0], [-2, 4]]), classes=False, images=False)
    assert kept.errors.tolist() == [0.5, 3.0]
    assert scores_of(None, classes=True, images=False) is None


class Bomb:
    def __reduce__(self):
        return print, ("unpickled",)


def archive_with_a_pickle() -> bytes:
    out = io.BytesIO()
    np.savez(out, about=np.array('{"steps_per_epoch": 1, "learning_rates": []}'),
             at=np.array([Bomb()], dtype=object), steps=np.zeros((1, 4)), epochs=np.zeros((0, 5)))
    return out.getvalue()


def packed_scores() -> bytes:
    found = scores_of(made.evaluation(), True, False)
    assert found is not None
    return pack_scores(found)


@pytest.mark.parametrize("content", [
    b"", b"garbage" * 50, pickle.dumps([1, 2]), archive_with_a_pickle(),
    pack_curves(curves_of(made.history()))[:-40], packed_scores()])
def test_what_are_no_curves_is_refused_and_never_unpickled(content: bytes, capsys):
    with pytest.raises(CorruptData):
        unpack_curves(content)
    assert "unpickled" not in capsys.readouterr().out
    with pytest.raises(CorruptData):
        unpack_scores(pack_curves(curves_of(made.history())))
