"""One run and its attempts, as the page and the workers make it of each other, without a cluster."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.cluster.job import Job
from core.cluster.retries import begin, record, retry_or_give_up
from core.datasets.splits import split
from core.runs.checkpoints import Checkpoints
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.events import Checkpoint, Event, Progress
from core.runs.history import History
from core.runs.run import Run
from core.settings import from_environment
from core.training.fit import fit

SETTINGS = from_environment({})
# 4 steps and a slice of the validation set an epoch.
IRIS = RunConfig(epochs=6, batch_size=25, dropout_rate=0.3, seed=4)


class Always(Checkpoints):
    """A checkpoint after every call."""

    def due(self, since: float) -> bool:
        return True


class OnPause(Checkpoints):
    """A checkpoint whenever the run pauses, and at no other time."""

    def due(self, since: float) -> bool:
        return since == float("inf")


class Story:
    """One run and its attempts, as the page and the workers make it of each other, without a cluster."""

    def __init__(self, config: RunConfig, folder: Path, replay=(), kind: type[Checkpoints] = Always):
        self.job = Job(Run("ab-1", "ann", config, 0, Controls()), replay=tuple(replay))
        self.folder, self.kind = folder, kind
        self.mailbox = ControlsMailbox()
        self.told: list[Any] = []

    @property
    def history(self) -> History:
        return self.job.run.history

    def attempt(self, lost: Callable[[Event], Any] = lambda event: False) -> "Story":
        """Train until the worker is `lost` after an event, or to the end."""
        run, config = self.job.run, self.job.run.config
        begin(self.job)
        self.mailbox, self.told = ControlsMailbox(run.controls), []
        checkpoints = self.kind(self.folder, run.id, run.attempt, 10.0, run.history.checkpoint)
        data = split(config.data, config.preparation)
        for event in fit(config, data, self.mailbox, SETTINGS, self.job.replay, checkpoints):
            self.told.append(event)
            record(self.job, event)
            if lost(event):
                retry_or_give_up(self.job)
                return self
        return self

    def control(self, **changes: Any) -> None:
        self.job.run.controls = self.job.run.controls.changed(**changes)
        self.mailbox.set(self.job.run.controls)


def undisturbed(config: RunConfig, replay=()) -> History:
    history = History()
    data = split(config.data, config.preparation)
    for event in fit(config, data, ControlsMailbox(), SETTINGS, replay):
        history.append(event)
    return history


def same(one: History, other: History) -> None:
    """What two histories of one run must have in common: all but times and where points lie."""
    np.testing.assert_array_equal(one.table("epochs"), other.table("epochs"))
    assert one.learning_rates == other.learning_rates and one.finished.status == other.finished.status
    assert one.evaluation.complete and one.evaluation.loss == other.evaluation.loss
    np.testing.assert_array_equal(one.evaluation.matrix, other.evaluation.matrix)
    assert one.progress.examples == other.progress.examples and one.progress.step == other.progress.step
    for first, second in zip(one.finished.weights or (), other.finished.weights or (), strict=True):
        np.testing.assert_array_equal(first, second)


def at_position(count: int) -> Callable[[Event], bool]:
    """Where one item is a call: true at the checkpoint that is `count` items after the beginning."""
    left = iter(range(count - 1, -1, -1))
    return lambda event: isinstance(event, Checkpoint) and next(left) == 0


def pause_at(story: Story, step: int, **changes: Any) -> Callable[[Event], bool]:
    """Pauses at `step`, where the learner changes something too; true once there is a checkpoint."""
    def look(event: Event) -> bool:
        if isinstance(event, Progress) and event.step == step:
            story.control(paused=True, **changes)
        return isinstance(event, Checkpoint)
    return look
