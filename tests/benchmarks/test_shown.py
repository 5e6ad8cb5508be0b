"""The benchmark's visitor reads the server's messages as a browser would."""

import json
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.shown import PANELS, Shown, Trips


def begins(*fragments: str) -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.page_script_hash = "list of pages"
    message.metadata.run.script_run_id = "run"
    message.metadata.run.fragment_ids.extend(fragments)
    return message


def timer(fragment: str, seconds: float) -> ForwardMsg:
    message = ForwardMsg()
    message.auto_rerun.fragment_id, message.auto_rerun.interval = fragment, seconds
    return message


def button(key: str, disabled: bool = False) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.button.id = f"$$ID-0123-{key}"
    message.delta.new_element.button.disabled = disabled
    return message


def panel(stream: str) -> ForwardMsg:
    message = ForwardMsg()
    drawn = message.delta.new_element.bidi_component
    drawn.component_name, drawn.json = PANELS[0], json.dumps({"stream": stream})
    return message


def ended(status: Any = ForwardMsg.FINISHED_SUCCESSFULLY) -> ForwardMsg:
    return ForwardMsg(script_finished=status)


def test_a_run_of_the_page_ends_all_timers_and_one_of_a_fragment_none():
    shown = Shown()
    for message in (begins(), timer("a", 0.5), timer("b", 30.0), begins("a"), timer("a", 1.0)):
        shown.take(message)
    assert shown.timers == {"a": 1.0, "b": 30.0}
    shown.take(begins())
    assert shown.timers == {}
    navigation = ForwardMsg()
    navigation.navigation.page_script_hash = "page"
    shown.take(navigation)
    assert shown.page == "page", "the next run is of this page, not of the list of all"


def test_a_disabled_button_cannot_be_pressed():
    shown = Shown()
    shown.take(button("train"))
    assert shown.buttons["train"].endswith("-train")
    shown.take(button("train", disabled=True))
    assert not shown.buttons["train"]


def test_the_panel_says_which_stream_to_follow_and_keeps_what_that_does_not_tell_again():
    shown = Shown()
    shown.take(panel("one"))
    shown.take(panel("another"))
    assert shown.stream == "another"
    shown.told({"status": {"version": "1", "content": {"status": "training"}}})
    shown.told({"loss_curve": {"version": "1", "content": {"traces": []}}})
    assert (shown.status, shown.updates) == ("training", 1)
    shown.told({"status": {"version": "2", "content": {"status": "finished"}}})
    assert (shown.status, shown.updates) == ("finished", 1)


def test_a_curve_with_empty_traces_has_no_points():
    shown = Shown()
    shown.told({"loss_curve": {"version": "1", "content": {"traces": [{"x": []}, {"x": []}]}}})
    assert not shown.points
    shown.told({"loss_curve": {"version": "2", "content": {"traces": [{"x": []}, {"x": [1.0]}]}}})
    assert shown.points


def test_an_exception_on_the_page_is_an_error():
    shown, message = Shown(), ForwardMsg()
    message.delta.new_element.exception.type = "ValueError"
    shown.take(message)
    assert len(shown.errors) == 1


def test_a_run_answers_what_was_asked_before_it_began():
    trips = Trips()
    trips.asked(True, 1.0)
    trips.take(begins("a"), 1.1)
    trips.asked(True, 1.5)  # while the first runs: the next run answers it
    trips.take(ended(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY), 2.0)
    assert trips.ticks == [(1.0, 1.0)]
    trips.asked(False, 2.5)
    trips.take(begins(), 3.0)
    trips.take(ended(), 4.5)
    assert trips.ticks == [(1.0, 1.0), (1.5, 3.0)]
    assert trips.pages == [(2.5, 2.0)]


def test_a_run_that_is_cut_short_answers_nothing():
    trips = Trips()
    trips.asked(True, 1.0)
    trips.take(begins("a"), 1.1)
    trips.take(ended(ForwardMsg.FINISHED_EARLY_FOR_RERUN), 1.2)
    assert trips.ticks == []
    trips.take(begins(), 1.3)
    trips.take(ended(), 1.75)
    assert trips.ticks == [(1.0, 0.75)]
