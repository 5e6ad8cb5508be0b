"""Controls: refused where malformed; the newest counts, however they arrive."""

import threading
import time
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parameters import FieldError
from core.runs.config import PARAMETERS
from core.runs.controls import PACE, Controls, ControlsMailbox
from core.runs.tried import tried
from tests.strategies import ANYTHING, NASTY, valid

NAMES = [field.name for field in fields(Controls)]


def is_sound(controls: Controls) -> bool:
    """Whether every field is of its own type and range, told without the class's checks."""
    rate = controls.learning_rate
    return (all(type(one) is int and one >= 0 for one in
                (controls.version, controls.steps, controls.epochs, controls.reached, controls.example))
            and {type(one) for one in (controls.paused, controls.stopped, controls.parked)} == {bool}
            and (controls.pace is None or 0.05 <= controls.pace <= 1000)
            and (rate is None or (type(rate) is float and 1e-5 <= rate <= 10))
            and type(controls.features) is tuple and len(controls.features) == 2
            and all(type(feature) is int and 0 <= feature < 10_000 for feature in controls.features))


def made_or_refused(name: str, value: Any) -> None:
    try:
        controls = Controls(**{name: value})
    except FieldError as error:
        assert error.field == name and name.replace("_", " ") in error.message.lower().replace("_", " ")
        error.message.encode()
    else:
        assert is_sound(controls)


@pytest.mark.parametrize("name", NAMES)
@given(value=ANYTHING)
def test_anything_is_taken_or_refused(name: str, value: Any):
    made_or_refused(name, value)


@pytest.mark.parametrize("name", NAMES)
def test_what_has_broken_validations_before(name: str):
    for value in NASTY:
        made_or_refused(name, value)


@given(version=st.integers(0), paused=st.booleans(), stopped=st.booleans(), steps=st.integers(0),
       epochs=st.integers(0), pace=st.none() | valid(PACE),
       learning_rate=st.none() | valid(PARAMETERS["learning_rate"]),
       features=st.tuples(st.integers(0, 9999), st.integers(0, 9999)), reached=st.integers(0),
       example=st.integers(0), parked=st.booleans(),
       tried=st.none() | st.builds(tried, st.integers(0, 2**40), st.lists(st.floats(width=32), max_size=20)))
def test_valid_controls_hold_what_they_were_given(**values: Any):
    controls = Controls(**values)
    assert {name: getattr(controls, name) for name in NAMES} == values
    assert is_sound(controls)


def test_a_change_is_the_next_version_and_leaves_the_rest():
    first = Controls(pace=2.0)
    second = first.changed(paused=True, learning_rate=0.5)
    assert (second.version, second.paused, second.learning_rate, second.pace) == (1, True, 0.5, 2.0)
    assert not first.paused
    assert second.changed(pace=None, features=[2, 3]).features == (2, 3)


@pytest.mark.parametrize("changes, field", [
    ({"version": 3}, "version"), ({"speed": 1}, "speed"), ({"__class__": int}, "__class__"),
    ({"learning_rate": 11}, "learning_rate"), ({"pace": 0}, "pace"), ({"steps": -1}, "steps"),
    ({"features": (True, 1)}, "features"), ({"paused": 1}, "paused")])
def test_a_wrong_change_is_refused(changes: dict[str, Any], field: str):
    with pytest.raises(FieldError) as caught:
        Controls().changed(**changes)
    assert caught.value.field == field


@given(st.permutations(range(1, 8)))
def test_the_newest_controls_count_in_whatever_order_they_arrive(order: list[int]):
    mailbox = ControlsMailbox()
    for count, version in enumerate(order, 1):
        mailbox.set(Controls(version=version, steps=version))
        assert mailbox.controls.steps == max(order[:count])


def test_waiting_ends_with_newer_controls():
    mailbox = ControlsMailbox(Controls(version=4))
    threading.Timer(0.05, mailbox.set, [Controls(version=5, paused=True)]).start()
    mailbox.wait(4, 30)
    assert mailbox.controls.paused
    mailbox.wait(4)


def test_waiting_is_not_ended_by_old_news_and_gives_up_in_time():
    mailbox = ControlsMailbox(Controls(version=4))
    threading.Timer(0.01, mailbox.set, [Controls(version=3, paused=True)]).start()
    begun = time.monotonic()
    mailbox.wait(4, 0.1)
    assert time.monotonic() - begun >= 0.1
    assert not mailbox.controls.paused
