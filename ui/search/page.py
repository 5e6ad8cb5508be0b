"""The body of the Search page: which search is shown, its results, and a trial opened in the Playground."""

from functools import cache

import streamlit as st

from core.charts.landscape import COMBINED
from core.formatting import amount
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.studies.methods import METHODS, Searching
from core.studies.objective import warm_up
from core.studies.search import Search
from core.studies.study import Study
from core.views.study_board import SEARCH_CARDS, Picks, search_parts
from ui.form import permalink
from ui.form.form_state import hidden, locked
from ui.live import study_board
from ui.messages import plain, refuse
from ui.search import form
from ui.session import runs, studies

SHOWN, OPENED = "search_shown", "_search_opened"


def opened() -> RunConfig | None:
    """The configuration of the trial whose button was just pressed."""
    return st.session_state.pop(OPENED, None)


def open_in_playground(config: RunConfig) -> None:
    """Go to the Playground with this configuration; fields that a link locks or hides stay so."""
    st.switch_page("pages/playground.py", query_params=permalink.to_params(config, hidden(), locked()))


def draw(config: RunConfig) -> None:
    """The form, the buttons, and the board of the shown search."""
    _prepared()
    with st.container(border=True):
        method = _form(config)
    mine = studies.own(Searching)
    going = next((study for study in mine if study.active), None)
    studies.buttons("search", going, method, "Start the search")
    told = runs.refusal()
    if told:
        refuse(told)
    _board(_shown(mine), method, config)


@cache
def _prepared() -> None:
    """Runs once per server, in advance, so that nobody's curves have to wait for it."""
    warm_up()


def _form(config: RunConfig) -> Searching | None:
    """The form and an estimate of the search's time; None, with a message, if the search is refused."""
    try:
        method = Searching(form.draw(config))
        st.caption(f":material/timer: {studies.estimate(method, studies.own(object))}")
    except FieldError as error:
        refuse(error.message)
        return None
    return method


def _shown(mine: list[Study]) -> Study | None:
    """The search to show: the newest, or an earlier one that was selected."""
    if not mine:
        return None
    names = {study.id: _name(study) for study in mine[::-1]}
    # A new search is shown at once: it was not among the options before.
    known = st.session_state.get("_search_known", ())
    if st.session_state.get(SHOWN) not in names or mine[-1].id not in known:
        st.session_state[SHOWN] = mine[-1].id
    st.session_state["_search_known"] = tuple(names)
    if len(mine) > 1:
        st.selectbox("Searches in this browser", list(names), key=SHOWN, persist_state="session",
                     format_func=lambda name: names.get(name, ""))
    return next(study for study in mine if study.id == st.session_state[SHOWN])


def _name(study: Study) -> str:
    assert isinstance(study.method, Searching)
    search = study.method.search
    axes = ", ".join(search.label(axis).lower() for axis in search.axes)
    return (f"{METHODS[search.method].label} over {axes}: {search.config.data.label}, "
            f"{amount(len(study.members), 'trial')}, {study.status}")


def _board(study: Study | None, method: Searching | None, config: RunConfig) -> None:
    search = _search(study, method)
    if search is None:
        return
    if study is not None and search.config != config:
        st.caption(f"This search used a different configuration: {plain(search.config.data.label)}, "
                   f"{plain(search.config.name)}, {amount(search.config.epochs, 'epoch')}.")
    picks = _picks(search)

    def state() -> tuple[object, ...]:
        return tuple((study.id, study.active) for study in studies.driver().studies(owner))

    owner = runs.sight().owner
    study_board.draw("board_search", SEARCH_CARDS, study, lambda: search_parts(study, search, picks), state,
               lambda number: _open(study, number))


def _search(study: Study | None, method: Searching | None) -> Search | None:
    if study is not None and isinstance(study.method, Searching):
        return study.method.search
    return method.search if method is not None else None


def _open(study: Study | None, number: int) -> None:
    if study is not None and number < len(study.members):
        st.session_state[OPENED] = study.members[number].config


def _picks(search: Search) -> Picks:
    """Boxes for the two parameters of the picture, and for what its cells show."""
    fields = [axis.field for axis in search.axes]
    if len(fields) == 1:
        return Picks(fields[0], fields[0])
    names = {axis.field: search.label(axis) for axis in search.axes}
    said = []
    columns = st.columns(3)
    for column, key, title, start in ((columns[0], "search_across", "Across", fields[0]),
                                      (columns[1], "search_upward", "Upward", fields[1])):
        if st.session_state.get(key) not in fields:
            st.session_state[key] = start
        said.append(column.selectbox(f"Results over two parameters: {title.lower()}", fields, key=key,
                                     format_func=lambda field: names.get(field, ""), persist_state="session"))
    combined = "best"
    if search.method == "grid" and len(fields) > 2:
        combined = columns[2].selectbox("A cell shows", COMBINED, key="search_combined",
                                        format_func=lambda name: f"the {name} over other parameters",
                                        persist_state="session")
    return Picks(said[0], said[1], combined)
