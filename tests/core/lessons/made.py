"""Lessons, results and studies made by hand, for tests of grading."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from core.lessons import submitting
from core.lessons.graded import Trained
from core.lessons.lesson import Challenge, Lesson, NumberInput
from core.lessons.reading import lessons
from core.runs.config import RunConfig
from core.studies.study import FINISHED, Study, StudyResults

MOONS = RunConfig(dataset="moons", dataset_parameters={"count": 100}, epochs=4)


def lesson(config: RunConfig = MOONS, inputs: tuple[NumberInput, ...] = (), **challenge: Any) -> Lesson:
    """A lesson whose challenge is as given."""
    values = {"text": "", "free": ("learning_rate",), "grade": "seeds", "check": "accuracy_at_least",
              "values": {"accuracy": 0.9}, "hints": ("", "", ""), "inputs": inputs} | challenge
    return replace(lessons()["learning_rate"], name="made", config=config, challenge=Challenge(**values))


def offer(monkeypatch: pytest.MonkeyPatch, made: Lesson) -> None:
    """From now on there is this lesson, by the name `made`."""
    monkeypatch.setattr(submitting, "lessons", lambda: MappingProxyType({"made": made}))


def trained(accuracy: float = float("nan"), rows: Any = (), finished: bool = True, config: RunConfig = MOONS,
            **more: Any) -> Trained:
    """One training. rows: (loss, metric, val_loss, val_metric) of each epoch."""
    table = np.array(rows, float).reshape(-1, 4)
    return Trained(config, table, len(table), finished, accuracy, **more)


def ended(study: Study, status: str = "finished", metrics: Any = (), states: Any = ()) -> Study:
    """The study at its end, with these test metrics; every member finished unless said otherwise."""
    study.members, _ = study.method.following((), study.results)
    results = StudyResults.empty(len(study.members), study.method.config.epochs, 2)
    results.states[:] = states or FINISHED
    results.done[:], results.curves[:], results.test_metric[:] = study.method.config.epochs, 0.5, metrics
    study.results, study.status = results, status
    return study
