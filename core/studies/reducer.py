"""The only functions that change a study; `core.cluster.study_service` calls them while holding its lock.

Arrays of results are replaced, never written to, so that pages can read them at any time.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.studies.events import GroupBegan, GroupEpochs, GroupJudged
from core.studies.study import DROPPED, FAILED, STOPPED, TRAINING, WAITING, Member, Round, Study, StudyResults


def begin_round(study: Study, more: Sequence[Member], before: Round | None, following: Round | None) -> None:
    """Add members and the next round; without a round, the study is finished.

    Members of the round `before` that have not trained to the end and do not continue are dropped.
    """
    if more:
        study.members = (*study.members, *more)
        config = study.method.config
        epochs = max(member.config.epochs for member in study.members)
        study.results = (study.results if len(study.results) else StudyResults.empty(
            0, epochs, len(config.data.classes))).grown(len(study.members))
    states = study.results.states.copy()
    if before is not None:
        left = [number for number in before.chosen
                if states[number] == TRAINING and (following is None or number not in following.chosen)]
        states[left] = DROPPED
    if following is None:
        failed = len(states) > 0 and bool((states == FAILED).all())
        study.status, study.ended = "failed" if failed else "finished", time.time()
    else:
        study.status, study.began = "training", study.began or time.time()
    _changed(study, states=states)


def going_on(study: Study, following: Round) -> list[int]:
    """The members of a round that can still train: those that did not diverge, fail or stop early."""
    states = study.results.states
    return [number for number in following.chosen if states[number] in (WAITING, TRAINING)]


def record(study: Study, event: GroupBegan | GroupEpochs | GroupJudged) -> None:
    """One event of a group of the study."""
    results = study.results
    if isinstance(event, GroupBegan):
        study.compiled += event.seconds
        study.ways = {**study.ways, event.way: study.ways.get(event.way, 0) + 1}
        _changed(study)
    elif isinstance(event, GroupEpochs):
        curves, done, states = results.curves.copy(), results.done.copy(), results.states.copy()
        seconds, count = results.seconds.copy(), event.rows.shape[1]
        curves[event.numbers, event.first - 1:event.first - 1 + count] = event.rows
        trained = np.isfinite(event.rows[..., 0])
        ends = event.first - 1 + trained.sum(1)
        done[event.numbers] = np.where(trained.any(1), ends, done[event.numbers])
        states[event.numbers] = event.states
        seconds[event.numbers] += event.seconds / len(event.numbers)
        study.first = study.first or (time.time(), int(done.sum()))
        _changed(study, curves=curves, done=done, states=states, seconds=seconds)
    else:
        losses, metrics = results.test_loss.copy(), results.test_metric.copy()
        losses[event.numbers], metrics[event.numbers] = event.test_loss, event.test_metric
        matrices = results.matrices
        if event.matrices is not None and matrices is not None:
            matrices = matrices.copy()
            matrices[event.numbers] = event.matrices
        _changed(study, test_loss=losses, test_metric=metrics, matrices=matrices,
                 tested={**results.tested, **event.tested})


def put_in_line(study: Study, place: int | None) -> None:
    """Set the study's place in the queue; None once it is its turn."""
    if place != study.place:
        study.place = place
        _changed(study)


def begin_again(study: Study, numbers: Sequence[int]) -> None:
    """A worker was lost: these members train again, and their curves are overwritten."""
    states = study.results.states.copy()
    states[list(numbers)] = WAITING
    _changed(study, states=states)


def fail(study: Study, numbers: Sequence[int], message: str) -> None:
    """These members cannot be trained; the others continue."""
    states = study.results.states.copy()
    states[list(numbers)] = FAILED
    study.message = message
    _changed(study, states=states)


def stop(study: Study, message: str) -> None:
    """End the study with the results so far."""
    states = study.results.states.copy()
    states[(states == TRAINING) | (states == WAITING)] = STOPPED
    study.status, study.message, study.ended = "stopped", message, time.time()
    _changed(study, states=states)


def _changed(study: Study, **arrays: Any) -> None:
    if arrays:
        study.results = replace(study.results, **arrays)
    study.version += 1
