"""What becomes of a run: events change its status, and a lost worker begins another attempt."""

import math
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.config import RunConfig
from core.queue import Job
from core.results import Compiled, Event, Finished, History, LearningRate, Paused, Resumed

# After so many losses a run trains apart from the others, and after so many there it is given up.
MOST_LOSSES = 2
MOST_STRIKES = 2
# Only where there is no worker to be apart in.
MOST_LOSSES_IN_COMPANY = 20


def record(job: Job, event: Event) -> None:
    """Take one event into the run's history, and the status that follows from it."""
    run = job.run
    if isinstance(event, Finished):
        give_up(job, event.status, event.message, event)
        return
    if isinstance(event, Resumed):
        run.history = run.history.cut(event)
        return
    run.history.append(event)
    if isinstance(event, Compiled) and run.status in ("waiting", "compiling"):
        run.status = "training"
        run.message = "" if run.attempt == 1 else \
            f"Started again after its worker was lost (attempt {run.attempt})."
    elif isinstance(event, Paused):
        run.status = "paused" if event.paused else "training"
    elif isinstance(event, LearningRate):
        wish = run.controls.learning_rate
        # The worker computes in single precision. A wish that came later than this change stays.
        if wish is not None and math.isclose(wish, event.learning_rate, rel_tol=1e-5):
            run.controls = replace(run.controls, learning_rate=None)


def give_up(job: Job, status: str, message: str, event: Finished | None = None) -> None:
    """End the run, unless it has ended. event: what the worker said of it, if it did."""
    run = job.run
    if run.active:
        step = run.history.progress.step if run.history.progress else 0
        run.status, run.message, run.place, run.ended = status, message, None, time.time()
        run.history.append(event or Finished(step, status, message))


def again(job: Job, going: bool = False, alone: bool = False) -> bool:
    """Make the run ready for another attempt after its worker was lost; False if it is given up.

    going: whether it trained then, so that it may be why. alone: whether nothing else did there.
    Nobody can tell a run that takes its worker down from one whose worker somebody else ended, so
    only what happens in a worker of its own counts against a run, and only while it makes no headway:
    one that has got to a new checkpoint gets to its end. The next attempt repeats what the learner
    did: the learning rates at their steps, and where it paused. Where there is a checkpoint the history
    stays, and is cut once the attempt says where it begins.
    """
    run, reached = job.run, job.run.history.checkpoint
    headway = reached is not None and reached.attempt == run.attempt
    job.losses += going
    job.strikes += alone and job.suspect and not headway
    job.suspect = job.suspect or alone or job.losses >= MOST_LOSSES
    if run.controls.stopped:
        give_up(job, "stopped", "Stopped.")
    elif job.strikes >= MOST_STRIKES:
        give_up(job, "failed", f"The worker that it had for itself was lost {MOST_STRIKES} times: it "
                "probably needs more memory than there is. Lower the batch size, or use fewer units or "
                "filters.")
    elif job.losses > MOST_LOSSES_IN_COMPANY and not headway:
        give_up(job, "failed", f"Its worker was lost {job.losses} times. Press Train to try again.")
    if not run.active:
        return False
    _repeat(job)
    run.attempt += 1
    run.status, run.place = "waiting", None
    if reached is None:
        run.history = History()
    job.address, job.worker, job.sent = "", None, 0
    return True


def clear(jobs: Iterable[Job]) -> None:
    """Let the suspects that still wait train with all others: it is known now whose fault it was."""
    for job in jobs:
        if job.suspect and job.run.active and job.future is None and job.losses and not job.strikes:
            job.suspect, job.losses, job.admitted = False, 0, False


def takes_workers_down(config: RunConfig, jobs: Iterable[Job]) -> bool:
    """Whether one of `jobs` took its workers down with the network, data and batch of `config`."""
    def burden(one: RunConfig) -> Any:
        return one.dataset, one.layers(), one.batch_size

    return any(job.strikes >= MOST_STRIKES and burden(job.run.config) == burden(config) for job in jobs)


def _repeat(job: Job) -> None:
    """Set replay and controls so that the next attempt goes the way of this one."""
    run, history = job.run, job.run.history
    step = history.progress.step if history.progress else 0
    changes = list(history.learning_rates)
    # An attempt that was lost while it still caught up leaves some changes for the next one.
    changes += [change for change in job.replay if change[0] >= step and change not in changes]
    if run.controls.learning_rate is not None:
        changes.append((step, run.controls.learning_rate))
    job.replay = tuple(changes)
    run.controls = run.controls.changed(learning_rate=None)
    if history.compiled is not None:
        # Paused at a step: as many whole epochs and single steps lead there again.
        job.target = max(step, job.target) if run.controls.paused else 0
        epochs, steps = divmod(job.target, history.compiled.steps_per_epoch)
        run.controls = run.controls.changed(epochs=epochs, steps=steps)


def describe(job: Job, workers: str, apart: bool) -> None:
    """Say why a run does not train yet.

    workers: what they are doing; empty when they are ready. apart: whether suspects get a worker of
    their own.
    """
    run = job.run
    if run.status in ("waiting", "compiling"):
        lost = f"The worker was lost; starting again (attempt {run.attempt})." if run.attempt > 1 else ""
        if job.suspect and apart:
            lost += " It trains in a worker of its own, so that no other run is lost with it."
            workers = "Waiting for that worker" if job.future is None else ""
        state = f"{workers.rstrip('.')}..." if workers else ""
        run.message = " ".join(part for part in (lost.strip(), state) if part)
