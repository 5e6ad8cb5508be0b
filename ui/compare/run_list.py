"""All runs of this browser: stored ones, and those of this session not stored yet."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from core.parameters import FieldError
from core.store import Details, StoredRun, Unavailable, kept_of
from core.store.packing import curves_of, scores_of
from ui.session import runs

LOOK_SECONDS = 3.0
SAID, DELETED = "_compare_said", "_compare_deleted"
NOT_STORED = "A run that is not saved yet cannot be changed: wait until it ends."


@dataclass(frozen=True)
class Found:
    """The runs to list, pinned ones first, then newest first; and an error of the store, if any."""

    runs: list[StoredRun]
    problem: str = ""


def found() -> Found:
    """The runs of this browser. Without the store, those of this session."""
    service, owner = runs.service(), st.session_state[runs.OWNER]
    own, problem = service.run_service.runs(owner), service.writer.state
    try:
        stored = service.writer.store.runs(owner)
    except Unavailable as error:
        stored, problem = [], problem or f"Runs that were saved earlier cannot be shown now. {error}"
    known = {run.id for run in stored}
    new = [kept_of(run) for run in own[::-1] if run.id not in known]
    there = [*new, *(run for run in stored if run.deleted is None)]
    return Found(sorted(there, key=lambda run: (not run.pinned, -run.ended)), problem)


def follow() -> None:
    """Redraw the page when one of this session's runs starts or ends, in another tab for example."""
    own = runs.service().run_service.runs(st.session_state[runs.OWNER])
    st.fragment(_look, run_every=LOOK_SECONDS)([(run.id, run.status) for run in own])


def _look(drawn: list[tuple[str, str]]) -> None:
    own = runs.service().run_service.runs(st.session_state[runs.OWNER])
    if [(run.id, run.status) for run in own] != drawn:
        st.rerun()


def details(run_ids: Collection[str]) -> dict[str, Details]:
    """Curves and test results of this browser's runs; runs that cannot be read are left out."""
    service, owner = runs.service(), st.session_state[runs.OWNER]
    held: dict[str, Details] = {}
    with suppress(Unavailable):  # the page says so already
        held = service.writer.store.details(owner, run_ids)
    for run_id in run_ids:
        run = None if run_id in held else service.run_service.run(owner, run_id)
        if run is not None:
            data = run.config.data
            held[run_id] = Details(curves_of(run.history), scores_of(
                run.history.evaluation, bool(data.classes), data.is_image))
    return held


def change(call: Callable[[str], int], wanted: int) -> int:
    """Change runs in the store. `call` gets this browser's key and returns how many; errors are shown."""
    try:
        done = call(st.session_state[runs.OWNER])
    except (Unavailable, FieldError) as error:
        say(str(error))
        return 0
    if done < wanted:
        say(NOT_STORED)
    return done


def say(words: str) -> None:
    """Show the learner at the next drawing of the page why something was not done."""
    st.session_state[SAID] = words


def said() -> str | None:
    """The message of `say`; returned once."""
    return st.session_state.pop(SAID, None)
