"""The history: its arrays equal its rows, however it grew; a cut equals the history at that step."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.runs.evaluations import Evaluation
from core.runs.events import Checkpoint, Compiled, EpochEnd, Event, LearningRate, Paused, Progress, Resumed
from core.runs.history import History


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


def events(rates: set[int], calls: list[int], steps_per_epoch: int) -> list[Event]:
    """What a run tells that takes `calls` steps at a time: rates: steps before which they change."""
    told: list[Event] = [Compiled(1.0, 9, steps_per_epoch)]
    step = 0
    for count in calls:
        if step in rates:
            told.append(LearningRate(step, 1 / (step + 1)))
        ended = range(step // steps_per_epoch + 1, (step + count) // steps_per_epoch + 1)
        told += [EpochEnd(epoch, epoch * steps_per_epoch, 1 / epoch, 0.5, None, None) for epoch in ended]
        step += count
        told.append(Progress(step, step / steps_per_epoch, 1 / step, 0.5, step / 100, 32 * step))
        told.append(Evaluation(step, np.eye(2, dtype=int) * step, 2, 1 / step, 0.5, False))
        told.append(Checkpoint(step, 1))
    return told


def recorded(told: list[Event]) -> History:
    history = History()
    for event in told:
        history.append(event)
    return history


@given(st.sets(st.integers(0, 40)), st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(1, 7),
       st.data())
def test_a_cut_history_is_what_it_was_at_that_step(rates, calls, steps_per_epoch, data):
    told = events(rates, calls, steps_per_epoch)
    places = [place for place, event in enumerate(told) if isinstance(event, Checkpoint)]
    place = data.draw(st.sampled_from(places))
    history, then = recorded(told), recorded(told[:place + 1])
    # Asked for earlier, the tables must not be kept.
    assert len(history.table("steps")) == len(calls)
    now, rows = then.progress, [list(row) for row in history.steps]
    after = history.cut(Resumed(now.step, now.step // steps_per_epoch, now.seconds, now.examples))
    assert [list(row) for row in history.steps] == rows, "whoever reads it now is not disturbed"
    assert after.version > history.version
    assert (after.steps, after.learning_rates, after.compiled, after.progress, after.evaluation) == \
        (then.steps, then.learning_rates, then.compiled, then.progress,
         then.evaluation if place == places[-1] else None)
    for name in ("steps", "epochs"):
        np.testing.assert_array_equal(after.table(name), then.table(name))
    # And what is told then is recorded as ever.
    for event in told[place + 1:]:
        after.append(event)
    for name in ("steps", "epochs"):
        np.testing.assert_array_equal(after.table(name), history.table(name))
    assert after.learning_rates == history.learning_rates and after.progress == history.progress


def test_an_epoch_whose_validation_was_under_way_is_told_again():
    history = recorded([Compiled(1.0, 9, 5), Progress(5, 1.0, 0.5, 0.5, 0.1, 160),
                        EpochEnd(1, 5, 0.5, 0.5, 0.6, 0.5), Paused(5, True)])
    after = history.cut(Resumed(5, 0, 0.1, 160))
    assert after.epochs == [] and after.steps == history.steps and not after.paused


def test_cut_to_the_start_it_is_a_new_one():
    history = recorded(events({3}, [4, 5], 3))
    after = history.cut(Resumed())
    assert after == History(version=history.version + 1)
