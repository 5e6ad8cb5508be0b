"""A driver of studies that trains nothing: curves by a formula, the same for the same configuration."""

import itertools
import threading
import time
from dataclasses import replace

import numpy as np

from core.studies.study import (
    DIVERGED,
    DROPPED,
    FINISHED,
    LOSS,
    STOPPED,
    TRAINING,
    VAL_LOSS,
    VAL_METRIC,
    Member,
    Method,
    Round,
    Study,
    StudyResults,
)


def curve(member: Member, epochs: int) -> np.ndarray:
    """What a training might have brought, float32 (epochs, 4): best near a learning rate of 0.03."""
    config = member.config
    away = (np.log10(config.learning_rate) + 1.5) ** 2
    place = sum(map(ord, repr((member.fold, member.values)))) + config.seed
    random = np.random.default_rng([place, config.seed])
    x = np.arange(1, epochs + 1)
    floor = 0.08 + 0.12 * away + 0.03 * random.random()
    loss = floor + (1.1 - floor) * np.exp(-x / (4 + 3 * away)) + 0.01 * random.normal(size=epochs)
    rows = np.stack([loss * 0.9, 1 - 0.5 * loss * 0.9, loss, 1 - 0.5 * loss], axis=1)
    if config.learning_rate > 0.8:
        rows[len(rows) // 3:] = np.nan
    return rows.astype(np.float32)


class FakeStudies:
    """What `ui.session.studies.SessionStudies` promises. seconds: between two steps of `step` epochs each."""

    def __init__(self, seconds: float = 0.0, step: int = 10**6):
        self.seconds, self.step = seconds, step
        self.all: list[Study] = []
        self.numbers = itertools.count(1)

    def submit(self, owner: str, method: Method, host: str = "") -> Study:
        study = Study(f"study{next(self.numbers)}", owner, method)
        self.all.append(study)
        if self.seconds:
            threading.Thread(target=self.train, args=(study,), daemon=True).start()
        else:
            self.train(study)
        return study

    def studies(self, owner: str) -> list[Study]:
        return [study for study in self.all if study.owner == owner]

    def stop(self, owner: str, study_id: str) -> None:
        for study in self.studies(owner):
            if study.id == study_id and study.active:
                states = study.results.states.copy()
                states[states <= TRAINING] = STOPPED
                study.results = replace(study.results, states=states)
                study.status, study.ended, study.version = "stopped", time.time(), study.version + 1

    def remove(self, owner: str, study_id: str) -> None:
        self.all = [study for study in self.all if study.id != study_id]

    def train(self, study: Study) -> None:
        """All rounds, as `core.cluster.study_service` has them trained."""
        before: Round | None = None
        study.status = "training"
        while study.active:
            more, following = study.method.following(study.members, study.results)
            _take_in(study, more, before, following)
            if following is None:
                study.status, study.ended, study.version = "finished", time.time(), study.version + 1
                return
            for end in [*range(self.step, following.epochs, self.step), following.epochs]:
                if not study.active:
                    return
                train_up_to(study, following, end)
                time.sleep(self.seconds)
            before = following


def _take_in(study: Study, more: tuple[Member, ...], before: Round | None, following: Round | None) -> None:
    study.members = (*study.members, *more)
    if not len(study.results):
        config = study.method.config
        study.results = StudyResults.empty(0, config.epochs, len(config.data.classes))
    if more:
        study.results = study.results.grown(len(study.members))
    if before is not None:
        states = study.results.states.copy()
        left = [one for one in before.chosen if states[one] == TRAINING
                and (following is None or one not in following.chosen)]
        states[left] = DROPPED
        study.results = replace(study.results, states=states)


def train_up_to(study: Study, following: Round, epochs: int) -> None:
    """The members of a round, up to the end of an epoch."""
    results, config = study.results, study.method.config
    curves, done, states = results.curves.copy(), results.done.copy(), results.states.copy()
    losses, metrics = results.test_loss.copy(), results.test_metric.copy()
    matrices = None if results.matrices is None else results.matrices.copy()
    for one in following.chosen:
        rows = curve(study.members[one], config.epochs)[:epochs]
        ended = ~np.isfinite(rows[:, LOSS])
        length = int(ended.argmax()) if ended.any() else epochs
        curves[one, :length], done[one] = rows[:length], length
        states[one] = DIVERGED if ended.any() else FINISHED if epochs == config.epochs else TRAINING
        if states[one] == FINISHED:
            losses[one], metrics[one] = rows[-1, VAL_LOSS], rows[-1, VAL_METRIC]
            if matrices is not None:
                matrices[one] = np.eye(matrices.shape[1], dtype=int) * 8 + 1
    study.results = replace(results, curves=curves, done=done, states=states, test_loss=losses,
                            test_metric=metrics, matrices=matrices)
    study.version += 1


