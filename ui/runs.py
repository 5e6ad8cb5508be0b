"""This session's runs: whose they are, which one is shown, and what the buttons ask of them.

Every key of `st.session_state` that is not a widget's own is named here.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

from core.commands import Controls
from core.config import RunConfig
from core.jobs import Jobs, Refused
from core.parameters import FieldError
from core.run import Run
from core.settings import Settings, from_environment
from core.workers import Workers
from ui.browser import kept_key, new_key

OWNER, SHOWN, OVERLAID, REFUSED, HOLDS = "_owner", "_shown", "_overlaid", "_refused", "_holds"
# How often a page says that it is there, so that its runs are not taken for abandoned.
HEARTBEAT_SECONDS = 30.0


@dataclass(frozen=True)
class Service:
    """What all sessions of this server share."""

    settings: Settings
    workers: Workers
    jobs: Jobs

    def close(self) -> None:
        self.jobs.close()
        self.workers.close()


def service() -> Service:
    """The workers and the runs, started with the first page and held until the server stops."""
    return _service(id(Jobs))


@st.cache_resource(show_spinner=False, max_entries=1, on_release=Service.close)
def _service(code: int) -> Service:
    # Streamlit loads a source file anew when it is edited; classes of before and after do not mix, so
    # that new code gets a service of its own, and the old one is closed.
    settings = from_environment()
    workers = Workers(settings)
    return Service(settings, workers, Jobs(workers, settings))


def recognize() -> None:
    """Find out whose runs these are; every page calls it once, first of all."""
    own = st.session_state.setdefault(OWNER, new_key())
    kept = kept_key(own)
    jobs = service().jobs
    if kept != own:
        jobs.adopt(own, kept)
        st.session_state[OWNER] = kept
    jobs.touch(kept)
    # Drawn always, so that what follows keeps its place on the page: what moves is built anew.
    active = any(run.active for run in jobs.runs(kept))
    st.fragment(jobs.touch, run_every=HEARTBEAT_SECONDS if active else None)(kept)


def all_runs() -> list[Run]:
    """The runs of this browser, newest last."""
    return service().jobs.runs(st.session_state[OWNER])


def shown() -> Run | None:
    """The run that the page shows: the one chosen, or the newest."""
    runs = all_runs()
    chosen = [run for run in runs if run.id == st.session_state.get(SHOWN)]
    return chosen[0] if chosen else runs[-1] if runs else None


def overlaid() -> tuple[Run, ...]:
    """The runs whose curves lie under the shown one's: those chosen, and the run before it."""
    runs, own = all_runs(), shown()
    index = next((index for index, run in enumerate(runs) if own and run.id == own.id), 0)
    chosen: dict[str, bool] = st.session_state.setdefault(OVERLAID, {})
    before = runs[index - 1].id if index else None
    return tuple(run for run in runs if own and run.id != own.id and chosen.get(run.id, run.id == before))


def show(run_id: str) -> None:
    """Show another run."""
    st.session_state[SHOWN] = run_id


def overlay(run_id: str) -> None:
    """Lay a run's curves under the shown one's, or take them away."""
    on = any(run.id == run_id for run in overlaid())
    st.session_state[OVERLAID][run_id] = not on


def refusal() -> str | None:
    """Why the last press of a button was refused; told once."""
    return st.session_state.pop(REFUSED, None)


def start(config: RunConfig, controls: Controls, paused: bool = False,
          replay: list[tuple[int, float]] | None = None) -> Run | None:
    """Start a run and show it; None, with `refusal` saying why, where it is refused.

    A run that the learner left paused makes room: it is stopped, and its curve stays.
    """
    own = shown()
    jobs, owner = service().jobs, st.session_state[OWNER]
    try:
        if own and own.active and own.controls.paused:
            jobs.stop(owner, own.id)
        run = jobs.submit(owner, config, begins_paused=paused, controls=controls, replay=replay or ())
    except Refused as error:
        st.session_state[REFUSED] = str(error)
        return None
    st.session_state[SHOWN] = run.id
    return run


def control(**changes: Any) -> None:
    """Change the controls of the shown run, if it is still going."""
    run = shown()
    if run and run.active:
        try:
            service().jobs.control(st.session_state[OWNER], run.id, **changes)
        except (Refused, FieldError) as error:
            st.session_state[REFUSED] = str(error)


def stop() -> None:
    """Stop the shown run."""
    run = shown()
    if run and run.active:
        service().jobs.stop(st.session_state[OWNER], run.id)


def reset() -> None:
    """The shown run again from its first weights, waiting at step 0; its curve stays."""
    run = shown()
    if run:
        if run.active:
            stop()
        start(run.config, Controls(pace=run.controls.pace, features=run.controls.features), paused=True,
              replay=list(run.history.learning_rates))


def regions(features: tuple[int, int]) -> None:
    """Draw the shown run's decision regions over two other features."""
    run = shown()
    if run and run.active:
        control(features=features)
    elif run:
        service().jobs.regions(st.session_state[OWNER], run.id, features)


@cache
def tick_seconds(active: int) -> float:
    """How often a page looks for news, by the number of runs going on: it falls as they get many."""
    return min(1.0, 0.08 * max(1.0, active / 5))
