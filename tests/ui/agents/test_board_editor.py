"""The board editor: what the browser says is checked, and the boards on offer are valid."""

from streamlit.testing.v1 import AppTest

from core.agents.boards import BOARDS
from core.agents.environments import BOARD

NONSENSE = (None, 5, [], {}, {"rows": ["S.", ".G"]}, {"rows": ["S.", ".G"], "version": True},
            {"rows": ["S.", ".G"], "version": -1}, {"rows": "SG", "version": 1},
            {"rows": ["S.", "."], "version": 1}, {"rows": ["S.", ".."], "version": 1},
            {"rows": ["SS", ".G"], "version": 1},
            {"rows": ["S?", ".G"], "version": 1}, {"rows": ["S" + "." * 12, "G" + "." * 12], "version": 1})


def script(said):
    """A page on which the browser has said each of these, one after the other."""
    import streamlit as st

    from core.agents.environments import BOARD
    from ui.agents import board_editor
    seen = []
    for one in said:
        board_editor.BOARD.take(BOARD, "board", one)
        seen.append(st.session_state.get("board"))
    st.session_state["seen"] = seen


def test_a_valid_board_is_taken_and_nonsense_changes_nothing() -> None:
    valid = {"rows": ["S.g", "#PG"], "version": 3}
    said = [*NONSENSE, valid, *NONSENSE]
    at = AppTest.from_function(script, kwargs={"said": said}, default_timeout=30).run()
    assert not at.exception
    many = len(NONSENSE)
    assert at.session_state["seen"] == [None] * many + [("S.g", "#PG")] * (many + 1)


def test_the_boards_on_offer_are_valid() -> None:
    assert all(BOARD.check(rows) == rows for rows in BOARDS.values())
