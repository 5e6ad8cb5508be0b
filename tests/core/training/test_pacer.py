"""How far a run may go that begins somewhere in the middle."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from hypothesis import given
from hypothesis import strategies as st

from core.runs.controls import Controls, ControlsMailbox
from core.training.pacer import CALL_SECONDS, MOST_PATIENCE, PACE_SECONDS, Pacer
from core.training.plan import Plan


@given(steps=st.integers(1, 9), validation=st.integers(0, 250), begin=st.integers(0, 60),
       ahead=st.integers(0, 40))
def test_a_paused_run_gets_to_its_step_from_wherever_it_begins(steps, validation, begin, ahead):
    plan = Plan(10 * steps, validation, 10, 100, 1.0)
    epochs = 200

    def stands_at(position: int) -> int:
        """Steps taken, counted one by one."""
        return sum(index % plan.items < plan.steps for index in range(position))

    def obey(position: int) -> int:
        """Go on until there is nothing left that was asked for."""
        while (leave := one.leave(position)).count:
            position += leave.count
        assert leave.wait is None
        return position

    target = stands_at(begin) + ahead
    mailbox = ControlsMailbox(Controls(paused=True, reached=target))
    one = Pacer(mailbox, plan, epochs, 0.1, begin=begin)
    position = obey(begin)
    assert stands_at(position) == target
    # What is asked for from then on counts from there.
    mailbox.set(mailbox.controls.changed(steps=mailbox.controls.steps + 1))
    position = obey(position)
    assert stands_at(position) == target + 1
    mailbox.set(mailbox.controls.changed(epochs=mailbox.controls.epochs + 1))
    assert obey(position) == ((target + 1) // steps + 1) * plan.items
    # A pace is kept from there on as well, and its first item is free.
    mailbox = ControlsMailbox(Controls(pace=0.05, reached=target))
    one = Pacer(mailbox, plan, epochs, 0.1, begin=begin)
    position = begin
    while (leave := one.leave(position)).count:
        position += leave.count
    assert position == one.position(target) + 1 and leave.wait


def test_a_pause_comes_after_validation_where_an_epochs_steps_are_taken():
    plan = Plan(30, 250, 10, 100, 1.0)  # three steps, then three slices of the validation set
    stands = []
    for begin in range(7):
        one, position = Pacer(ControlsMailbox(Controls(paused=True)), plan, 5, 0.1, begin=begin), begin
        while (leave := one.leave(position)).count:
            position += leave.count
        stands.append(position)
    assert stands == [0, 1, 2, 6, 6, 6, 6]


@given(begin=st.integers(0, 60), changes=st.lists(st.tuples(st.integers(0, 60), st.floats(0.01, 1.0))))
def test_changes_before_the_beginning_are_not_made_again(begin, changes):
    plan = Plan(40, 0, 10, 100, 1.0)
    one, made = Pacer(ControlsMailbox(), plan, 100, 0.005, changes, begin), []
    for position in range(begin, 61):
        while one.apply_learning_rate(position):
            made.append((position, one.learning_rate))
    due = sorted((change for change in changes if change[0] >= begin), key=lambda change: change[0])
    expected, rate = [], 0.005
    for step, wanted in due:
        if wanted != rate:
            expected.append((step, wanted))
        rate = wanted
    assert made == expected


def test_in_a_crowd_calls_are_longer_and_a_paced_run_waits_longer():
    plan = Plan(10_000, 0, 10, 100, 1.0)

    def taken(active_runs: int) -> tuple[int, float | None]:
        """Items of the next call after one that took half a second for 100, and the wait of a slow pace."""
        one = Pacer(ControlsMailbox(Controls(), lambda: active_runs), plan, 100, 0.1)
        one.observe(100, 0.5)
        slow = Pacer(ControlsMailbox(Controls(pace=0.05), lambda: active_runs), plan, 100, 0.1)
        slow.leave(0)
        return one.leave(100).count, slow.leave(plan.items).wait

    alone, crowded, more = taken(1), taken(12), taken(1000)
    assert alone == (int(100 * CALL_SECONDS / 0.5), PACE_SECONDS)
    assert crowded[0] == more[0] == int(100 * MOST_PATIENCE * CALL_SECONDS / 0.5)
    assert crowded[1] == more[1] == MOST_PATIENCE * PACE_SECONDS


def test_what_took_the_time_of_a_paced_run_is_not_caught_up_in_one_leap(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("core.training.pacer.time.monotonic", lambda: now[0])
    one = Pacer(ControlsMailbox(Controls(pace=20.0), lambda: 1), Plan(100, 0, 10, 100, 1.0), 400, 0.1)
    one.observe(1, 1e-9)
    left = [one.leave(0).count]
    for delayed in (True, False):
        now[0] += 2.0
        if delayed:
            one.delayed()
        left.append(one.leave(1).count)
    assert left[:2] == [1, 1] and left[2] > 1
