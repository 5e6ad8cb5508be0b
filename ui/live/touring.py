"""The tour on one page: its commands, and what the page's script does for it.

A browser may send anything. So a command names the card that it came from, and only works while that card is
open.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.lessons.tour_done import Scene
from core.lessons.touring import Tour
from core.runs.config import RunConfig
from ui.form import form_state
from ui.live.stage import Stage
from ui.session import tour as session_tour

# What had filled the widgets before the tour: see `form_state.STARTED`.
_STARTED = "_tour_started"
KEPT = ("This link keeps some settings as they are, and the tour changes them. To take it, open the "
        "Playground without the link.")


def scene(stage: Stage) -> Scene:
    """What the server knows about the stage now."""
    own, run = stage.own, stage.own.shown
    return Scene(runs=tuple(one.id for one in own.runs), shown=run.id if run else "", choices=stage.choices,
                 steps=run.controls.steps + run.controls.epochs if run else 0, moment=stage.moment,
                 example=stage.view["example"])


def possible(stage: Stage) -> bool:
    """Whether the tour may fill the sidebar: no lesson is open, and no link locks or hides a field."""
    return stage.lesson is None and not stage.kept


def offered(stage: Stage) -> bool:
    """Whether to offer the tour: on a first visit, unless the learner has opened something else."""
    looked = stage.view["card"] or stage.view["projector"]
    return possible(stage) and not looked and not stage.own.runs and stage.tour.known is None


def _start(stage: Stage, _: Any) -> None:
    if possible(stage):
        stage.tour.start(stage.choices)


def _turn(by: int) -> Callable[[Stage, Any], None]:
    def command(stage: Stage, value: Any) -> None:
        if isinstance(value, int) and not isinstance(value, bool):
            stage.tour.turn(value, by)

    return command


COMMANDS: Mapping[str, Callable[[Stage, Any], None]] = {
    "tour_start": _start,
    "tour_next": _turn(1),
    "tour_back": _turn(-1),
    "tour_leave": lambda stage, _: stage.tour.leave(),
    "tour_touched": lambda stage, _: stage.tour.touch(),
}


def prepare(stage: Stage, opened: bool) -> None:
    """Begin, continue or end the tour, depending on how the page was opened, and fill the sidebar.

    The page's script calls this before it draws the sidebar. opened: whether a link has just filled that.
    """
    tour, fits = stage.tour, possible(stage)
    if opened and tour.number is not None:
        # An idea, or another page's link: the card would speak of data that are not there.
        tour.leave()
    session_tour.recall(tour)
    if opened or not fits:
        tour.drop()
        st.session_state.pop(_STARTED, None)
    if session_tour.asked():
        if fits:
            tour.start(form_state.config_or_none())
        elif stage.lesson is None:
            stage.own.refused = KEPT
    if not fits:
        tour.close()
    # Taken before the sidebar is filled: a press meanwhile may want something else.
    wanted, tour.wants = tour.wants, None
    if wanted is not None:
        _fill(tour, wanted)


def _fill(tour: Tour, config: RunConfig) -> None:
    if tour.number is None:
        form_state.load(config, st.session_state.pop(_STARTED, ()))
        return
    if tour.own is not None:
        st.session_state.setdefault(_STARTED, st.session_state.get(form_state.STARTED, ()))
    form_state.load(config, (config,))
