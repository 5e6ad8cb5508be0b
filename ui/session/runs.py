"""This session's runs: who owns them, which one is shown, and what the buttons do with them."""

import asyncio
import atexit
import sys
import threading
import weakref
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from core.cluster.run_service import Refused, RunService
from core.cluster.study_service import StudyService
from core.cluster.workers import Workers
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.run import Run
from core.settings import Settings, from_environment
from core.store import BackgroundWriter, store_of
from ui.session import preload
from ui.session.browser import kept_key, new_key
from ui.session.rate import Rate

OWNER, SHOWN, OVERLAID, REFUSED = "_owner", "_shown", "_overlaid", "_refused"
NOTHING = ""  # stands for a run where none is shown, although there are some
# How often a page reports that it is open, so that its runs do not count as abandoned. An idle page does too:
# its curves are kept for an hour after it was closed, not after a click.
HEARTBEAT_SECONDS, IDLE_SECONDS = 30.0, 300.0

SWITCH_SECONDS = 0.0005


@dataclass(frozen=True)
class Service:
    """What all sessions of this server share."""

    settings: Settings
    workers: Workers
    run_service: RunService
    studies: StudyService
    rate: Rate
    writer: BackgroundWriter

    def close(self) -> None:
        self.studies.close()
        self.run_service.close()
        self.writer.close()
        self.workers.close()


# Not in a cache of Streamlit's: any visitor's browser can clear those.
_service: Service | None = None
_lock = threading.Lock()
# If Streamlit watches files, it reloads edited ones, this one too. So the running service is kept elsewhere.
_RUNNING = "_playground_service"


def service() -> Service:
    """The workers and the runs: started once, with the server or the first page, until `close`."""
    global _service
    if _service is None:
        with _lock:
            if _service is None:
                _service = _started()
                # For hosts that start the app without `lifespan`.
                atexit.register(close)
    return _service


def close() -> None:
    """Close the service, if it is running."""
    global _service
    with _lock:
        atexit.unregister(close)
        ended, _service = _service, None
    if ended is not None:
        ended.close()


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Spans the server's life: starts the workers before the first page is opened, ends them at its end."""
    await asyncio.to_thread(preload.for_workers)
    began = asyncio.create_task(asyncio.to_thread(service))
    await asyncio.to_thread(preload.for_pages)
    yield
    # If starting failed, a page has shown why.
    await asyncio.gather(began, return_exceptions=True)
    await asyncio.to_thread(close)


def _started() -> Service:
    # Before the service's thread imports them: of two threads importing a package, one may get it half
    # loaded.
    preload.for_workers()
    # A service from before the code was edited: old and new classes do not mix.
    before = getattr(sys, _RUNNING, lambda: None)()
    if before is not None:
        before.close()
    # Each update runs in a thread of its own, and the server waits for it to start. With thirty learners it
    # stood still while each thread in turn held Python's lock for the usual 5 ms.
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = from_environment()
    workers = Workers(settings)
    writer = BackgroundWriter(store_of(settings))
    run_service = RunService(workers, settings, ended=writer.enqueue)
    studies = StudyService(workers, settings, run_service.seen, run_service.placement)
    made = Service(settings, workers, run_service, studies, Rate(), writer)
    setattr(sys, _RUNNING, weakref.ref(made))
    return made


def recognize() -> None:
    """Find out which browser this is; every page calls it first."""
    if PagesManager.uses_pages_directory and OWNER not in st.session_state:
        # A host runs app.py as a script, and its first visitor came to /home: Streamlit made a navigation
        # of its own from the folder `pages`. The next run is app.py's.
        PagesManager.uses_pages_directory = False
        st.rerun()
    own = st.session_state.setdefault(OWNER, new_key())
    kept = kept_key(own)
    run_service = service().run_service
    if kept != own:
        had = bool(run_service.runs(own))
        run_service.adopt(own, kept)
        service().studies.adopt(own, kept)
        # In this order: a run that ends meanwhile already has the new owner, or is given it here.
        if had:
            service().writer.adopt(own, kept)
        st.session_state[OWNER] = kept
    run_service.touch(kept)
    # Always drawn, so that what follows keeps its position on the page: Streamlit rebuilds what moves.
    active = any(training.active for training in (*run_service.runs(kept), *service().studies.studies(kept)))
    st.fragment(run_service.touch, run_every=HEARTBEAT_SECONDS if active else IDLE_SECONDS)(kept)


@dataclass(frozen=True)
class ShownRuns:
    """Which runs a page shows. It contains nothing of Streamlit's, so any thread may ask it.

    chosen: the run that the learner selected; NOTHING if a link was opened that has no run yet. laid: which
    runs the learner put behind the shown one, or removed.
    """

    run_service: RunService
    owner: str
    chosen: str | None
    laid: Mapping[str, bool]

    @property
    def runs(self) -> list[Run]:
        """The runs of this browser, newest last."""
        return self.run_service.runs(self.owner)

    @property
    def shown(self) -> Run | None:
        """The run that the page shows: the selected one, or the newest."""
        if self.chosen == NOTHING:
            return None
        runs = self.runs
        chosen = [run for run in runs if run.id == self.chosen]
        return chosen[0] if chosen else runs[-1] if runs else None

    @property
    def overlaid(self) -> tuple[Run, ...]:
        """The runs drawn behind the shown one: those the learner chose, and the last comparable one."""
        runs, own = self.runs, self.shown
        if own is None:
            return ()
        earlier = runs[:next((index for index, run in enumerate(runs) if run.id == own.id), 0)]
        before = next((run.id for run in reversed(earlier)
                       if run.status != "diverged" and run.comparable(own)), None)
        return tuple(run for run in runs
                     if run.id != own.id and self.laid.get(run.id, run.id == before))


def sight() -> ShownRuns:
    """Which runs this page shows now."""
    state = st.session_state
    return ShownRuns(service().run_service, state[OWNER], state.get(SHOWN),
                     dict(state.setdefault(OVERLAID, {})))


def all_runs() -> list[Run]:
    """The runs of this browser, newest last."""
    return sight().runs


def shown() -> Run | None:
    """The run that this page shows."""
    return sight().shown


def show(run_id: str) -> None:
    """Show another run."""
    st.session_state[SHOWN] = run_id


def overlay(run_id: str) -> None:
    """Draw a run's curves behind the shown one's, or remove them."""
    seen = sight()
    # Anyone could send any number of made-up ids, which would be kept as long as the session.
    if any(run.id == run_id for run in seen.runs):
        st.session_state[OVERLAID][run_id] = all(run.id != run_id for run in seen.overlaid)


def refusal() -> str | None:
    """Why the last press of a button was refused; returned once."""
    return st.session_state.pop(REFUSED, None)


def refuse(message: str) -> None:
    """Tell the learner why a press had no effect."""
    st.session_state[REFUSED] = message


def start(config: RunConfig, controls: Controls, paused: bool = False,
          replay: list[tuple[int, float]] | None = None) -> Run | None:
    """Start a run and show it; None if it is refused, and then `refusal` says why.

    A run that the learner left paused makes room: it is stopped, and its curve stays.
    """
    before = shown()
    with _refusals_kept():
        run = service().run_service.submit(st.session_state[OWNER], config, begins_paused=paused,
                                    controls=controls, replay=replay or (), host=host())
        st.session_state[SHOWN] = run.id
        # Only now, so that no run is lost for one that was refused.
        if before and before.active and before.controls.paused:
            service().run_service.stop(st.session_state[OWNER], before.id)
        return run


def host() -> str:
    """The address that the web server reports for this browser; empty on the server's own machine."""
    return st.context.ip_address or ""


@contextmanager
def _refusals_kept() -> Iterator[None]:
    """A refusal inside this block is shown by `refusal`."""
    try:
        yield
    except (Refused, FieldError) as error:
        st.session_state[REFUSED] = str(error)


def control(**changes: Any) -> None:
    """Change the controls of the shown run, if it is still active."""
    run = shown()
    if run and run.active:
        with _refusals_kept():
            service().run_service.control(st.session_state[OWNER], run.id, **changes)


def stop() -> None:
    """Stop the shown run."""
    control(stopped=True)


def reset() -> None:
    """Start the shown run again from its first weights, waiting at step 0; the old curve stays."""
    before = shown()
    if before is None:
        return
    run = start(before.config, Controls(pace=before.controls.pace, features=before.controls.features),
                paused=True, replay=list(before.history.learning_rates))
    if run and before.active:
        with _refusals_kept():
            service().run_service.stop(st.session_state[OWNER], before.id)


def regions(features: tuple[int, int]) -> None:
    """Draw the shown run's decision regions over two other features."""
    run = shown()
    if run and run.active:
        control(features=features)
    elif run:
        with _refusals_kept():
            service().run_service.regions(st.session_state[OWNER], run.id, features)
