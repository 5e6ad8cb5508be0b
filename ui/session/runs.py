"""The service that all sessions share, who this session's browser is, and the runs that its page shows."""

import asyncio
import atexit
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from core.cluster.agent_service import AgentService
from core.cluster.run_service import RunService
from core.cluster.study_service import StudyService
from core.cluster.workers import Workers
from core.lessons.attempt import Attempts
from core.lessons.progress import ProgressBook
from core.runs.run import Run
from core.settings import Settings, from_environment
from core.store import BackgroundWriter, store_of
from ui.session import preload, sample
from ui.session.browser import kept_key, new_key
from ui.session.rate import Rate
from ui.session.sample import SampleRun
from ui.session.shown_runs import ShownRuns

OWNER, SIGHT = "_owner", "_sight"
# How often a page reports that it is open, so that its runs do not count as abandoned. An idle page does too:
# its curves are kept for an hour after it was closed, not after a click. Pages that listen to the stream are
# known to be open anyway.
HEARTBEAT_SECONDS, IDLE_SECONDS = 30.0, 300.0

SWITCH_SECONDS = 0.0005


@dataclass(frozen=True)
class Service:
    """What all sessions of this server share."""

    settings: Settings
    workers: Workers
    run_service: RunService
    agents: AgentService
    studies: StudyService
    rate: Rate
    writer: BackgroundWriter
    sample: SampleRun
    progress: ProgressBook
    attempts: Attempts = field(default_factory=Attempts)

    def close(self) -> None:
        self.studies.close()
        self.run_service.close()
        self.writer.close()
        self.workers.close()


# The service is an attribute of `sys`: any visitor's browser can clear a cache of Streamlit's, and a module's
# own variables are gone once Streamlit has reloaded the module because somebody edited it.
_RUNNING = "_playground_service"
_lock = threading.Lock()


def _running() -> Service | None:
    """The running service; None without one, or after an edit: old and new classes do not mix."""
    found = getattr(sys, _RUNNING, None)
    return found if isinstance(found, Service) else None


def service() -> Service:
    """The workers and the runs: started once, with the server or the first page, until `close`."""
    found = _running()
    if found is None:
        with _lock:
            found = _running()
            if found is None:
                found = _started()
                # For hosts that start the app without `lifespan`.
                atexit.register(close)
    return found


def close() -> None:
    """Close the service, if it is running."""
    with _lock:
        atexit.unregister(close)
        ended = _running()
        if ended is not None:
            delattr(sys, _RUNNING)
    if ended is not None:
        ended.close()


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Spans the server's life: starts the workers before the first page is opened, ends them at its end."""
    await asyncio.to_thread(preload.for_workers)
    began = asyncio.create_task(asyncio.to_thread(_begin))
    await asyncio.to_thread(preload.for_pages)
    yield
    # If starting failed, a page has shown why.
    await asyncio.gather(began, return_exceptions=True)
    await asyncio.to_thread(close)


def _begin() -> None:
    started = service()
    if started.settings.warm_up:
        started.sample.run()


def _started() -> Service:
    # Before the service's thread imports them: of two threads importing a package, one may get it half
    # loaded.
    preload.for_workers()
    # One from before the code was edited.
    before = getattr(sys, _RUNNING, None)
    if before is not None:
        delattr(sys, _RUNNING)
        before.close()
    # Each update runs in a thread of its own, and the server waits for it to start. With thirty learners it
    # stood still while each thread in turn held Python's lock for the usual 5 ms.
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = from_environment()
    workers = Workers(settings)
    writer = BackgroundWriter(store_of(settings))
    run_service = RunService(workers, settings, ended=_store(writer))
    studies = StudyService(workers, settings, run_service.seen, run_service.placement)
    agents = AgentService(run_service.shared, settings)
    made = Service(settings, workers, run_service, agents, studies, Rate(), writer, SampleRun(run_service),
                   ProgressBook(writer))
    setattr(sys, _RUNNING, made)
    return made


def _store(writer: BackgroundWriter) -> Callable[[Run], None]:
    """Stores every run that has ended, except the one that belongs to nobody."""
    return lambda run: writer.enqueue(run) if run.owner != sample.OWNER else None


def recognize(only: Callable[[], list[str] | None] = lambda: None) -> None:
    """Find out which browser this is; every page calls it first.

    only: returns the ids of the only runs that the page shows; None for all.
    """
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
        service().attempts.adopt(own, kept)
        noted = service().progress.adopt(own, kept)
        # In this order: a run that ends meanwhile already has the new owner, or is given it here.
        if had or noted:
            service().writer.adopt(own, kept)
        st.session_state[OWNER] = kept
    run_service.touch(kept)
    # Always drawn, so that what follows keeps its position on the page: Streamlit rebuilds what moves.
    active = any(training.active for training in (*run_service.runs(kept), *service().agents.runs(kept),
                                                  *service().studies.studies(kept)))
    st.fragment(run_service.touch, run_every=HEARTBEAT_SECONDS if active else IDLE_SECONDS)(kept)
    sight().only = only()


def sight() -> ShownRuns:
    """The runs that this page shows; the same object in every run of the script."""
    own = st.session_state.get(SIGHT)
    if own is None:
        own = st.session_state[SIGHT] = ShownRuns(service().run_service, st.session_state[OWNER])
    # A service may have been replaced after an edit of the code, and the browser reports its key late.
    own.run_service, own.owner, own.host = service().run_service, st.session_state[OWNER], host()
    return own


def all_runs() -> list[Run]:
    """The runs of this browser, newest last."""
    return sight().runs


def shown() -> Run | None:
    """The run that this page shows."""
    return sight().shown


def refusal() -> str | None:
    """Why the last press of a button was refused; returned once."""
    own = sight()
    told, own.refused = own.refused, None
    return told


def refuse(message: str) -> None:
    """Tell the learner why a press had no effect."""
    sight().refused = message


def host() -> str:
    """The address that the web server reports for this browser; empty on the server's own machine."""
    return st.context.ip_address or ""
