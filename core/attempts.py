"""What becomes of a run: events change its status, and a lost worker begins another attempt."""

import math
import time
from dataclasses import replace

from core.queue import Job
from core.results import Compiled, Event, Finished, History, LearningRate, Paused

MOST_ATTEMPTS = 20
MOST_ALONE = 2


def record(job: Job, event: Event) -> None:
    """Take one event into the run's history, and the status that follows from it."""
    run = job.run
    if isinstance(event, Finished):
        give_up(job, event.status, event.message, event)
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


def again(job: Job, alone: bool) -> bool:
    """Make the run ready for another attempt after its worker was lost; False if it is given up.

    alone: whether no other run was on that worker. The next attempt repeats what the learner did:
    the learning rates at their steps, and where it paused.
    """
    run = job.run
    job.lost_from += [job.worker] if job.worker else []
    job.alone += alone and job.worker is not None
    if run.controls.stopped:
        give_up(job, "stopped", "Stopped.")
    elif job.alone >= MOST_ALONE:
        give_up(job, "failed", f"Its worker was lost {MOST_ALONE} times while nothing else ran there: it "
                "probably needs more memory than there is. Lower the batch size, or use fewer units or "
                "filters.")
    elif run.attempt > MOST_ATTEMPTS:
        give_up(job, "failed", f"Its worker was lost {run.attempt} times. Press Train to try again.")
    if not run.active:
        return False
    _repeat(job)
    run.attempt += 1
    run.history, run.status, run.place = History(), "waiting", None
    job.worker, job.sent = None, 0
    return True


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


def describe(job: Job, workers: str) -> None:
    """Say why a run does not train yet. workers: what they are doing; empty when they are ready."""
    run = job.run
    if run.status in ("waiting", "compiling"):
        lost = f"The worker was lost; starting again (attempt {run.attempt})." if run.attempt > 1 else ""
        run.message = " ".join(part for part in (lost, f"{workers}..." if workers else "") if part)

