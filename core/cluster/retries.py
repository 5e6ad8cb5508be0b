"""How events change a run, and how a run continues after it left its worker."""

import math
import time
from dataclasses import replace

from core.cluster.job import ALONE, HOST, PARAMETERS, Job
from core.runs.events import Compiled, Event, Finished, LearningRate, Parked, Paused, Resumed

# A run that was alone is ended after this many losses in a row without a new checkpoint.
MOST_STRIKES = 2
# A run is alone for at most this long after its first loss, and this much longer after each further one.
ALONE_SECONDS = 60.0
AWAY = "Others needed its place. It gets one again when you press Resume or Step, and goes on from here."
LOST_AWAY = "Its worker was lost. It goes on from here when you press Resume or Step."
TOO_LARGE = (f"Its worker was lost {MOST_STRIKES} times while nothing else trained there: it probably needs "
             "more memory than there is. Lower the batch size, or use fewer units or filters.")


def record(job: Job, event: Event) -> None:
    """Take one event into the run's history, and the status that follows from it."""
    run = job.run
    if isinstance(event, Finished):
        fail(job, event.status, event.message, event)
        return
    if isinstance(event, Parked):
        job.ending = event.ending
        _set_aside(job, event.steps, event.epochs, AWAY)
        if run.controls.stopped:
            call_off(job)
        return
    if isinstance(event, Resumed):
        run.history = run.history.cut(event)
        return
    run.history.append(event)
    if isinstance(event, Compiled) and run.status in ("waiting", "compiling"):
        run.status, run.message, job.ending = "training", job.story, None
    elif isinstance(event, Paused):
        run.status = "paused" if event.paused else "training"
    elif isinstance(event, LearningRate):
        wish = run.controls.learning_rate
        # The worker computes in single precision. A wish that came later than this change stays.
        if wish is not None and math.isclose(wish, event.learning_rate, rel_tol=1e-5):
            run.controls = replace(run.controls, learning_rate=None)


def fail(job: Job, status: str, message: str, event: Finished | None = None) -> None:
    """End the run, unless it has ended. event: what the worker said of it, if it did."""
    run = job.run
    if run.active:
        step = run.history.progress.step if run.history.progress else 0
        run.status, run.message, run.place, run.ended = status, message, None, time.time()
        run.history.append(event or Finished(step, status, message))


def call_off(job: Job) -> None:
    """End a run that is in no worker, or only compiles, because its learner wants it to stop."""
    if job.ending is not None:
        fail(job, job.ending.status, job.ending.message, job.ending)
    else:
        fail(job, "stopped", "Stopped." if job.run.history.progress else "Stopped before training began.")


def lose(job: Job, trained: bool = False) -> None:
    """The run's worker was lost: the run is made ready for another attempt, or given up.

    trained: whether it trained there, so that it may be why. Nobody can tell a run that takes its worker
    down from one whose worker somebody else ended. So it has to pass its last step alone, and only losses
    there count against it, as long as it makes no headway: one that has got to a new checkpoint gets to
    its end.
    """
    run, reached = job.run, job.run.history.checkpoint
    if run.status == "paused":
        job.prove = None
    if trained:
        headway = reached is not None and reached.attempt == run.attempt
        job.strikes = 0 if job.prove is None or headway else job.strikes + 1
        job.losses += 1
        job.prove = max(_step(job), job.prove or 0)
    if run.controls.stopped:
        fail(job, "stopped", "Stopped.")
    elif job.strikes >= MOST_STRIKES:
        fail(job, "failed", TOO_LARGE)
    else:
        _set_aside(job, run.controls.steps, run.controls.epochs, LOST_AWAY)
        job.story = f"Started again after its worker was lost (attempt {run.attempt})."


def passed(job: Job) -> bool:
    """Whether a run that trains alone need not be alone any longer.

    It got past the step at which its worker was lost, a second longer for each time that this was not enough.
    A paused run does no harm, and nobody may keep the others waiting for ever.
    """
    spent, progress = time.monotonic() - job.begun, job.run.history.progress
    beyond = progress is not None and job.prove is not None and progress.step > job.prove
    return (job.run.status == "paused" or spent > ALONE_SECONDS * job.losses
            or (job.run.status == "training" and beyond and spent > job.losses - 1))


def begin(job: Job) -> None:
    """The run has a place, and its next attempt begins now."""
    run = job.run
    if run.attempt > 1:
        # Wherever it begins, the learner's wish counts from the step that the learner saw.
        job.replay = (*job.replay, *_wish(job))
        run.controls = run.controls.changed(learning_rate=None)
        if run.history.checkpoint is None:
            run.history, job.ending = run.history.cut(Resumed()), None
    job.parked, job.begun, job.sent = False, time.monotonic(), run.controls.version


def _set_aside(job: Job, steps: int, epochs: int, away: str) -> None:
    """The run is in no worker any more; its next attempt will go the way of this one.

    It makes the learner's changes of the learning rate at the same steps, and goes to where it was paused.
    Where there is a checkpoint the history stays, and is cut once the attempt says where it begins.
    steps, epochs: single ones that were taken, of those asked for. away: what to say while it is paused.
    """
    run, changes, step = job.run, list(job.run.history.learning_rates), _step(job)
    # An attempt that left while it still caught up leaves some changes for the next one.
    changes += [change for change in job.replay if change[0] >= step and change not in changes]
    job.replay = (*changes, *_wish(job))
    controls = run.controls
    run.controls = controls.changed(
        learning_rate=None, steps=max(0, controls.steps - steps), epochs=max(0, controls.epochs - epochs),
        reached=max(step, controls.reached) if controls.paused else 0)
    job.parked, job.story, job.sent = run.status == "paused", "", 0
    run.attempt, run.place, run.message = run.attempt + 1, None, away
    run.status = "paused" if job.idle else "waiting"


def _step(job: Job) -> int:
    progress = job.run.history.progress
    return progress.step if progress else 0


def _wish(job: Job) -> tuple[tuple[int, float], ...]:
    """The change of the learning rate that was asked for and is not made yet."""
    wish = job.run.controls.learning_rate
    return () if wish is None else ((_step(job), wish),)


def describe(job: Job, workers: str, trying: bool) -> None:
    """Say why a run does not train yet.

    workers: what they are doing; empty when they are ready. trying: whether runs go on one at a time.
    """
    run = job.run
    if run.status not in ("waiting", "compiling"):
        return
    number = f" Number {run.place} in the queue." if run.place else ""
    words = []
    if job.story:
        words.append(f"The worker was lost; starting again (attempt {run.attempt}).")
    if workers:
        words.append(f"{workers.rstrip('.')}...")
    elif job.waiting and trying and job.prove is not None:
        words.append(f"The runs that were there go on one at a time.{number}")
    elif job.waiting and job.hindrance in _WHY:
        words.append(_WHY[job.hindrance].format(job) + number)
    elif job.waiting and run.attempt > 1:
        words.append(f"Waiting for a place.{number}")
    run.message = " ".join(words)


_WHY = {
    ALONE: "Waiting for a place: a worker was lost, and the runs that were there go on one at a time first.",
    PARAMETERS: "Waiting for a place: the networks that train now leave no room for its {0.parameters:,} "
                "parameters.",
    HOST: "Waiting for a place: others at your address have as many as there may be."}
