"""Placed points: what the page sends to the board, and what the board may change."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.custom_points import POINTS
from core.runs.config import RunConfig
from tests.pages.reading import address
from ui.form.permalink import to_params

THREE_EACH = [[x / 2, label - 0.5, label] for label in (0, 1) for x in range(3)]


def placed(points) -> RunConfig:
    return RunConfig(dataset="placed", dataset_parameters={"points": points})


def board(page) -> dict:
    """What the board was last told."""
    return next(told for component in page.at.get("bidi_component")
                if "colors" in (told := json.loads(component.proto.json)))


def script(value, parameter):
    """A page on which the browser has said `value`."""
    import streamlit as st

    from ui.form import points_editor
    points_editor.POINTS.take(parameter, "placed_points", value)
    st.session_state["seen"] = st.session_state.get("placed_points")


def taken(value) -> tuple | None:
    """The points after the browser has said `value`; None where there are none as before."""
    at = AppTest.from_function(script, kwargs={"value": value, "parameter": POINTS}, default_timeout=30).run()
    assert not at.exception
    return at.session_state["seen"]


def test_the_board_shows_the_points_of_a_link(open_page):
    page = open_page(**to_params(placed(THREE_EACH)))
    shown = board(page)
    assert shown["points"] == THREE_EACH
    assert not shown["disabled"] and shown["version"] == 0
    assert address(page) == placed(THREE_EACH)


def test_a_locked_board_is_told_so(open_page):
    page = open_page(**to_params(placed(THREE_EACH), locked=frozenset({"dataset_parameters"})))
    assert board(page)["disabled"]


def test_too_few_points_are_refused_in_words_and_stay(open_page):
    page = open_page(**to_params(placed(THREE_EACH)))
    page.at.session_state["placed_points"] = ((0.0, 0.0, 0),)
    page.run()
    assert ["Place more points" in element.value for element in page.at.error] == [True]
    assert board(page)["points"] == [[0.0, 0.0, 0]]


def test_what_the_browser_says_is_checked():
    assert taken({"points": [[1.234, -2, 1]], "version": 1}) == ((1.23, -2.0, 1),)


@pytest.mark.parametrize("value", [
    None, 5, [], {}, {"points": [[0, 0, 0]]}, {"points": [[0, 0, 0]], "version": True},
    {"points": [[0, 0, 9]], "version": 1}, {"points": [[1e9, 0, 0]], "version": 1},
    {"points": [[0, 0, 0]] * 301, "version": 1}, {"points": "x", "version": 2},
    {"points": [[0, 0, 0]], "version": -1}])
def test_nonsense_changes_nothing(value):
    assert taken(value) is None
