"""The tasks that workers run: training, and preparing for it.

Only functions of this module, `agent_tasks`, `question_tasks` and `study_tasks` are sent to workers. They
import `core.training`, and with it Keras and JAX, inside their bodies, so that the page server can refer to
them without loading either.
"""

import gc
import logging
import pickle
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from core.cluster.messages import AnyEvent, EventBatcher, GroupEvents, Message, Started, topic
from core.cluster.payload import RunPayload
from core.cluster.worker_imports import with_engine
from core.errors import UserError
from core.runs.checkpoints import FOLDER, Checkpoints, sweep
from core.runs.controls import BaseControls, Controls, ControlsMailbox
from core.runs.disk_limits import COMPILED, trim_now_and_then
from core.runs.events import Checkpoint, Finished, message_interval
from core.settings import Settings, from_environment

log = logging.getLogger(__name__)

# States of a task that somebody still waits for, as `distributed.worker_state_machine` names them.
WANTED = ("executing", "long-running")

Attempt = tuple[str, int]
Events = Generator[AnyEvent, None, None]


class Running:
    """The attempts that run in this worker process, with their mailboxes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mailboxes: dict[Attempt, ControlsMailbox] = {}
        self._watched = False

    def watch(self, worker: Any) -> None:
        """Stop every run once `worker` closes, since that waits half a minute for its threads.

        Also runs whose task the cluster gave up: their page server is gone; nobody else would stop a paused
        one.
        """
        from distributed import Status

        def look() -> None:
            open_ = worker.status in (Status.running, Status.paused)
            wanted = {key for key, task in worker.state.tasks.items() if task.state in WANTED}
            for attempt, mailbox in list(self._mailboxes.items()):
                if not open_ or task_key(*attempt) not in wanted:
                    mailbox.end()
            if open_:
                worker.loop.call_later(1.0, look)

        with self._lock:
            first, self._watched = not self._watched, True
        if first:
            worker.loop.add_callback(look)

    @contextmanager
    def holding(self, attempt: Attempt, mailbox: ControlsMailbox) -> Iterator[None]:
        """Inside the block, `set_controls` can find `attempt`."""
        with self._lock:
            self._mailboxes[attempt] = mailbox
        try:
            yield
        finally:
            with self._lock:
                self._mailboxes.pop(attempt, None)

    def mailbox(self, attempt: Attempt) -> ControlsMailbox | None:
        return self._mailboxes.get(attempt)

    def mailboxes(self) -> list[tuple[Attempt, ControlsMailbox]]:
        """All attempts with their mailboxes."""
        return list(self._mailboxes.items())

    def any(self) -> bool:
        """Whether there are runs, paused or not."""
        return bool(self._mailboxes)

    def active(self) -> int:
        """How many runs train now; paused ones are not counted."""
        return sum(not mailbox.controls.paused for mailbox in list(self._mailboxes.values()))


RUNNING = Running()


def task_key(run_id: str, attempt: int) -> str:
    """The name of an attempt's Dask task."""
    return f"train-{run_id}-{attempt}"


@with_engine
def train(run_id: str, attempt: int, payload: RunPayload, controls: Controls,
          replay: Sequence[tuple[int, float]], settings: Settings, resume: Checkpoint | None = None) -> None:
    """Train the payload's config and send its events.

    replay: learning-rate changes of an earlier attempt. resume: the checkpoint to continue from, if it is
    here.
    """
    def engine(mailbox: ControlsMailbox, checkpoints: Checkpoints) -> Events:
        from core.datasets.splits import split
        from core.training.fit import fit
        config = payload.decode()
        data = split(config.data, config.preparation)
        yield from fit(config, data, mailbox, settings, replay, checkpoints)

    attempt_with(engine, run_id, attempt, controls, settings, resume)


def attempt_with(engine: Callable[[ControlsMailbox, Checkpoints], Events], run_id: str, attempt: int,
                 controls: BaseControls, settings: Settings, resume: Checkpoint | None) -> None:
    """Perform an attempt at a run with its checkpoints, and leave nothing behind when the run is over."""
    # The cache of this worker: on another machine it differs from that in `settings`.
    folder = from_environment().cache / FOLDER
    checkpoints = Checkpoints(folder, run_id, attempt, settings.checkpoint_seconds, resume)
    if perform(run_id, attempt, controls, lambda mailbox: engine(mailbox, checkpoints)):
        checkpoints.clear()
    sweep(folder, from_environment().max_checkpoint_bytes)
    if not RUNNING.any():
        from core.training.malloc import trim_memory
        trim_memory()


def perform(run_id: str, attempt: int, controls: BaseControls,
            engine: Callable[[ControlsMailbox], Events]) -> bool:
    """Run `engine` with a mailbox that `set_controls` can reach, and send every event, failures too.

    Returns whether the run is over. It is not if the run was parked, or if only this attempt was given up, as
    when the worker closes.
    """
    from distributed import get_worker
    worker, name, mailbox = get_worker(), (run_id, attempt), ControlsMailbox(controls, RUNNING.active)
    batcher = EventBatcher(run_id, attempt, lambda message: send(worker, run_id, message),
                    lambda seconds, call: worker.loop.add_callback(worker.loop.call_later, seconds, call),
                    lambda: message_interval(RUNNING.active()))
    RUNNING.watch(worker)
    with RUNNING.holding(name, mailbox):
        post(worker, run_id, Started(run_id, attempt, worker.address))
        try:
            with closing(engine(mailbox)) as events:
                for event in events:
                    batcher.post(event)
            if not (batcher.finished or batcher.parked):
                raise RuntimeError("training ended without a result")
        except Exception as error:
            log.exception("Run %s, attempt %d, failed", run_id, attempt)
            batcher.post(Finished(batcher.step, "failed", advice(error)))
    return not (mailbox.ended or batcher.parked)


def forget(run_id: str, attempt: int) -> None:
    """Delete the checkpoints of a run that ended while it was parked. attempt: its last one."""
    Checkpoints(from_environment().cache / FOLDER, run_id, attempt, 0.0).clear()


def advice(error: Exception) -> str:
    """What went wrong and what to try, for the learner."""
    if isinstance(error, UserError):
        return str(error)
    text = str(error).strip().partition("\n")[0][:200]
    if isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in text or "out of memory" in text.lower():
        return "There was not enough memory. Lower the batch size, or use fewer units or filters."
    return (f"Something went wrong ({type(error).__name__}: {text}). Press Train to try again. If it "
            "happens again, change the settings. The worker's log has the details.")


def set_controls(run_id: str, attempt: int, controls: BaseControls | None) -> bool:
    """Give `controls` to a run in this process; False if it does not run here.

    controls: None if nobody waits for this attempt any more.
    """
    mailbox = RUNNING.mailbox((run_id, attempt))
    if mailbox is not None and controls is None:
        mailbox.end()
    elif mailbox is not None:
        mailbox.set(controls)
    return mailbox is not None


@with_engine
def prepare(settings: Settings) -> None:
    """Import Keras and JAX and, if the settings say so, compile in advance."""
    from core.training.fit import fit  # noqa: F401
    from core.training.malloc import retain_memory
    retain_memory()
    own = from_environment()
    sweep(own.cache / FOLDER, own.max_checkpoint_bytes)
    trim_now_and_then(own.cache / COMPILED, own.max_compiled_bytes)
    if settings.warm_up:
        from core.training.warm_up import warm_up
        warm_up(settings)
    # The objects that libraries created at import stay for ever. Frozen, they are skipped by full garbage
    # collections, during which no run can train.
    gc.collect()
    gc.freeze()


def post(worker: Any, name: str, message: Message | GroupEvents) -> None:
    send(worker, name, pickle.dumps(message))


def send(worker: Any, name: str, message: bytes) -> None:
    """Send through the worker's event loop from any thread, so that messages keep their order."""
    worker.loop.add_callback(worker.log_event, topic(name), message)
