"""How events change a run, and how a run continues after it left its worker."""

import math
import time
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from core.cluster.coalescing import AnyEvent
from core.cluster.job import ALONE, HOST, PARAMETERS, Job
from core.metrics.network import KEPT_PARAMETERS
from core.runs.events import Compiled, Finished, LearningRate, Parked, Paused, Resumed
from core.runs.run import BaseRun

# A run that was alone is ended after this many losses in a row without a new checkpoint.
MOST_STRIKES = 2
# A run is alone for at most this long after its first loss, and this much longer after each further one.
ALONE_SECONDS = 60.0
AWAY = "Another run needed this place. Press Resume or Step to continue from here once a place is free."
LOST_AWAY = "The run lost its worker. Press Resume or Step to continue from here."
# Why a run that is in no worker answers no questions.
SILENT = ("This run gave up its place while it was paused, and its network has more than "
          f"{KEPT_PARAMETERS:,} parameters, so its weights were not sent here. Press Resume or Step, and it "
          "answers again.")
LOST_SILENT = "This run lost its worker, and its weights with it. Press Resume or Step, and it answers again."
TOO_LARGE = (f"The worker crashed {MOST_STRIKES} times while it trained only this run. It probably ran out "
             "of memory. Lower the batch size, or use fewer units or filters.")


def record(job: Job, event: AnyEvent) -> None:
    """Add one event to the run's history, and change its status accordingly."""
    run = job.run
    if isinstance(event, Finished):
        end_run(job, event.status, event.message, event)
        return
    if isinstance(event, Parked):
        job.ending = event.ending
        _set_aside(job, (event.steps, event.epochs), AWAY)
        run.silent = "" if event.ending.weights is not None else SILENT
        if run.controls.stopped:
            call_off(job)
        return
    if isinstance(event, Resumed):
        run.history = run.history.cut(event)
        return
    run.history.append(event)
    if isinstance(event, Compiled) and run.status in ("waiting", "compiling"):
        run.status, run.message, job.ending = "training", job.retry_note, None
    elif isinstance(event, Paused):
        run.status = "paused" if event.paused else "training"
    elif isinstance(event, LearningRate):
        wish = run.controls.learning_rate
        # The worker computes in single precision. If the learner has asked for another rate since, that
        # request stays.
        if wish is not None and math.isclose(wish, event.learning_rate, rel_tol=1e-5):
            run.controls = replace(run.controls, learning_rate=None)


def awaited(run: BaseRun) -> Hashable:
    """What a learner waits for: another one after a first point, a pause, a step, an answer, and the end."""
    return run.status, run.history.awaited, run.history.version if run.controls.paused else 0


def end_run(job: Job, status: str, message: str, event: Finished | None = None) -> None:
    """End the run, unless it has ended. event: what the worker reported, if anything."""
    run = job.run
    if run.active:
        step = run.history.progress.step if run.history.progress else 0
        run.status, run.message, run.place, run.ended = status, message, None, time.time()
        run.history.append(event or Finished(step, status, message))


def call_off(job: Job) -> None:
    """End a run that is in no worker, or only compiling, because its learner stopped it."""
    if job.ending is not None:
        end_run(job, job.ending.status, job.ending.message, job.ending)
    else:
        end_run(job, "stopped", "Stopped." if job.run.history.progress else "Stopped before training began.")


def retry_or_give_up(job: Job, trained: bool = False) -> None:
    """The run's worker was lost: prepare another attempt, or give the run up.

    trained: whether it was training there, so that it may be the cause. Nobody can tell a run that takes its
    worker down from one whose worker was killed by someone else. So it has to pass its last step alone, and
    only losses while alone count against it, and only as long as it makes no progress: a run that reaches a
    new checkpoint each time finishes in the end.
    """
    run, reached = job.run, job.run.history.checkpoint
    if run.status == "paused":
        job.alone_until_step = None
    if trained:
        headway = reached is not None and reached.attempt == run.attempt
        job.strikes = 0 if job.alone_until_step is None or headway else job.strikes + 1
        job.losses += 1
        job.alone_until_step = max(_step(job), job.alone_until_step or 0)
    if run.controls.stopped:
        end_run(job, "stopped", "Stopped.")
    elif job.strikes >= MOST_STRIKES:
        end_run(job, "failed", TOO_LARGE)
    else:
        _set_aside(job, None, LOST_AWAY)
        run.silent = LOST_SILENT
        job.retry_note = f"Restarted after its worker was lost (attempt {run.attempt})."


def passed(job: Job) -> bool:
    """Whether a run that trains alone no longer has to.

    That is the case once it is past the step at which its worker was lost; each further loss adds a second. A
    paused run counts as passed, because it does no harm. So does one that has kept others waiting too long.
    """
    spent, progress = time.monotonic() - job.begun, job.run.history.progress
    last = job.alone_until_step
    beyond = progress is not None and last is not None and progress.step > last
    return (job.run.status == "paused" or spent > ALONE_SECONDS * job.losses
            or (job.run.status == "training" and beyond and spent > job.losses - 1))


def begin(job: Job) -> None:
    """The run has a place, and its next attempt begins now."""
    run = job.run
    if run.attempt > 1:
        # Wherever the attempt begins, the learner's request counts from the step that the learner saw.
        job.replay = (*job.replay, *_wish(job))
        run.controls = run.controls.again((0, 0), run.controls.reached)
        if run.history.checkpoint is None:
            run.history, job.ending = run.history.cut(Resumed()), None
    job.run.silent = ""
    job.parked, job.begun, job.sent = False, time.monotonic(), run.controls.version


def _set_aside(job: Job, taken: tuple[int, int] | None, away: str) -> None:
    """The run has left its worker; prepare its next attempt to repeat this one.

    It makes the learner's changes at the same steps, and catches up at full speed with what the learner has
    seen. If there is a checkpoint, the history stays, and is cut once the attempt says where it begins.

    Args:
        taken: how many of the single steps, and of the single epochs or episodes, asked for were taken; None
            for all.
        away: what the page says while the run is paused.
    """
    run, changes, step = job.run, list(job.run.history.changes), _step(job)
    # An attempt that left before it had caught up leaves some changes for the next one.
    changes += [change for change in job.replay if change[0] >= step and change not in changes]
    job.replay = tuple(changes)
    job.replay, controls = (*changes, *_wish(job)), run.controls
    run.controls = controls.again(taken, max(step, controls.reached))
    job.parked, job.retry_note, job.sent = run.status == "paused", "", 0
    run.attempt, run.place, run.message = run.attempt + 1, None, away
    run.status = "paused" if job.idle else "waiting"


def _step(job: Job) -> int:
    progress = job.run.history.progress
    return progress.step if progress else 0


def _wish(job: Job) -> tuple[tuple[int, Any], ...]:
    """The change that the learner asked for and that has not been made yet, beside those of `replay`."""
    wish = job.run.controls.wish(job.replay)
    return () if wish is None else ((_step(job), wish),)


def describe(job: Job, workers: str, trying: bool) -> None:
    """Set the run's message: why it is not training yet.

    Args:
        workers: what the workers are doing; empty when they are ready.
        trying: whether runs continue one at a time after a loss.
    """
    run = job.run
    if run.status not in ("waiting", "compiling"):
        return
    number = f" Number {run.place} in the queue." if run.place else ""
    words = []
    if job.retry_note:
        words.append(f"The worker was lost; restarting (attempt {run.attempt}).")
    if workers:
        words.append(f"{workers.rstrip('.')}...")
    elif job.waiting and trying and job.alone_until_step is not None:
        words.append(f"The runs of that worker continue one at a time.{number}")
    elif job.waiting and job.hindrance in _WHY:
        words.append(_WHY[job.hindrance].format(job) + number)
    elif job.waiting and run.attempt > 1:
        words.append(f"Waiting for a place.{number}")
    run.message = " ".join(words)


_WHY = {
    ALONE: "Waiting for a place: a worker was lost, and its runs continue first, one at a time.",
    PARAMETERS: "Waiting for a place: the networks in training leave no room for {0.parameters:,} more "
                "parameters.",
    HOST: "Waiting for a place: other learners use all places that your network address can have."}
