"""A run that continues from a checkpoint equals an undisturbed run to the last bit."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.datasets.splits import split
from core.runs.checkpoints import Checkpoints, Snapshot
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.events import Checkpoint, Event, LearningRate, Paused, Progress, Resumed
from core.training.fit import fit
from core.training.plan import Plan
from tests.core.training.story import (
    IRIS,
    SETTINGS,
    Always,
    OnPause,
    Story,
    at_position,
    pause_at,
    same,
    undisturbed,
)

DIGITS = RunConfig(dataset="digits", architecture="cnn", epochs=3, batch_size=200, dropout_rate=0.2,
                   architecture_parameters={"filters": [4, 6], "dense_units": [8]})
# Goes on in the middle of an epoch of its start.
STARTED = IRIS.replaced(start={"config": {"epochs": 3}, "at": 6})


# Iris: 4 steps and a slice of the validation set an epoch. Digits: 6 steps and 3 slices.
@pytest.mark.parametrize("config, position", [
    (IRIS, 1), (IRIS, 7), (IRIS, 10), (IRIS, 29), (IRIS.replaced(validation_share=0.0, epochs=40), 83),
    (STARTED, 2), (STARTED, 7), (DIGITS, 3), (DIGITS, 16), (DIGITS, 18), (DIGITS, 20)])
def test_from_any_position_the_run_is_the_same(config, position, single, tmp_path):
    plan = Plan.of(config, split(config.data, config.preparation))
    rates = [(1, 0.02), (position * plan.steps // plan.items, 0.004), (plan.steps + 3, 0.03)]
    replay = sorted(dict(rates).items())
    story = Story(config, tmp_path, replay).attempt(at_position(position))
    before = story.history
    story.attempt()
    resumed = story.told[0]
    assert isinstance(resumed, Resumed) and resumed.epochs == position // plan.items
    assert resumed.step == before.progress.step == min(position % plan.items, plan.steps) \
        + position // plan.items * plan.steps
    assert story.history.steps[:len(before.steps)] == before.steps
    same(story.history, undisturbed(config, replay))


def test_a_network_of_images_ends_with_the_same_weights(single, tmp_path):
    """Images send no weights home: those of the last checkpoints are compared."""
    def last(story: Story, folder: Path) -> Snapshot:
        checkpoint = story.history.checkpoint
        found = Checkpoints(folder, "ab-1", 9, 10.0, checkpoint).read()
        assert found is not None and checkpoint.step == 18
        return found

    (tmp_path / "straight").mkdir()
    straight = Story(DIGITS, tmp_path / "straight").attempt()
    broken = Story(DIGITS, tmp_path).attempt(at_position(4)).attempt(at_position(9)).attempt()
    one, other = last(broken, tmp_path), last(straight, tmp_path / "straight")
    assert one.arrays.keys() == other.arrays.keys() >= {"trainable", "non_trainable", "optimizer", "sums"}
    for name, some in one.arrays.items():
        for first, second in zip(some, other.arrays[name], strict=True):
            np.testing.assert_array_equal(first, second)


def test_seconds_of_training_go_on(tmp_path):
    story = Story(IRIS.replaced(epochs=400), tmp_path).attempt(
        lambda event: isinstance(event, Checkpoint) and event.step > 100)
    spent = story.history.progress
    story.attempt(lambda event: isinstance(event, Progress))
    assert story.told[0] == Resumed(spent.step, story.told[0].epochs, spent.seconds, spent.examples)
    after = story.told[-1]
    assert after.seconds > spent.seconds and after.examples > spent.examples
    # The time that a run may train for counts from its start.
    config, data = story.job.run.config, split(IRIS.data, IRIS.preparation)
    events: Any = fit(config, data, ControlsMailbox(), replace(SETTINGS, max_run_seconds=spent.seconds / 2),
                      (), Checkpoints(tmp_path, "ab-1", 2, 10.0, story.history.checkpoint))
    *_, end = events
    assert end.status == "stopped" and end.step < 1600


def test_a_learning_rate_changed_while_paused_counts_from_there(single, tmp_path):
    story = Story(IRIS, tmp_path, [(2, 0.02)], OnPause)
    story.attempt(pause_at(story, 7, learning_rate=0.001))
    # The checkpoint came after the change, which belongs to the next step all the same.
    assert story.told[-1] == Checkpoint(7, 1) and LearningRate(7, 0.001) in story.told
    story.control(paused=False)
    story.attempt()
    same(story.history, undisturbed(IRIS, [(2, 0.02), (7, 0.001)]))


def test_two_changes_at_one_step_stay_in_order(single, tmp_path):
    replay = [(7, 0.03), (7, 0.001)]
    story = Story(IRIS, tmp_path, replay).attempt(at_position(8))
    assert story.history.progress.step == 7
    story.attempt(at_position(1)).attempt()
    assert story.history.learning_rates == replay
    same(story.history, undisturbed(IRIS, replay))
    assert story.history.epochs != undisturbed(IRIS, replay[::-1]).epochs


def test_a_paused_run_waits_where_it_was_and_goes_on_from_there(single, tmp_path):
    story = Story(IRIS, tmp_path, kind=OnPause)
    story.attempt(pause_at(story, 6))
    assert story.history.progress.step == 6

    def step_twice(event: Event) -> bool:
        if isinstance(event, Paused) and event.paused:
            story.control(steps=story.job.run.controls.steps + 2)
        return isinstance(event, Progress) and event.step == 8
    story.attempt(step_twice)
    assert story.told[0].step == 6 and story.history.progress.step == 8

    pauses: list[int] = []

    def an_epoch_and_a_step(event: Event) -> bool:
        if isinstance(event, Paused) and event.paused:
            pauses.append(event.step)
            story.control(epochs=story.job.run.controls.epochs + 1)
        if isinstance(event, Progress) and event.step == 12:
            story.control(steps=story.job.run.controls.steps + 1)
        if isinstance(event, Progress) and event.step == 13:
            story.control(paused=False)
        return False
    story.attempt(an_epoch_and_a_step)
    assert pauses == [8]
    same(story.history, undisturbed(IRIS))


def test_a_checkpoint_of_another_run_is_not_used(single, tmp_path):
    other = Story(IRIS.replaced(seed=5), tmp_path).attempt(at_position(7))
    story = Story(IRIS, tmp_path)
    assert other.history.checkpoint == Checkpoint(6, 1)
    story.history.append(Checkpoint(6, 1))
    story.attempt()
    assert story.told[0] == Resumed()
    same(story.history, undisturbed(IRIS))


@pytest.mark.parametrize("change", [
    {"about": {"config": "{}"}}, {"about": {"place": {"position": 0, "learning_rate": 0.1}}},
    {"about": {"place": {"position": 30, "learning_rate": 0.1}}}, {"about": {"place": {}}},
    {"arrays": {"trainable": []}}, {"arrays": {"sums": [np.zeros(6)]}},
    {"arrays": {"optimizer": [np.ones(3)]}}])
def test_a_file_that_does_not_fit_is_not_used(change, single, tmp_path):
    story = Story(IRIS, tmp_path).attempt(at_position(7))
    made = story.history.checkpoint
    found = Checkpoints(tmp_path, "ab-1", 2, 10.0, made).read()
    Checkpoints(tmp_path, "ab-1", made.attempt, 10.0).write(made.step, Snapshot(
        {**found.about, **change.get("about", {})}, {**found.arrays, **change.get("arrays", {})}))
    before = story.history
    story.attempt()
    assert story.told[0] == Resumed() and len(before.steps) and story.history is not before
    same(story.history, undisturbed(IRIS))


def test_a_missing_file_means_from_the_start_with_every_change_again(single, tmp_path):
    story = Story(IRIS, tmp_path, [(2, 0.02)]).attempt(at_position(9))
    for path in tmp_path.iterdir():
        path.unlink()
    story.attempt()
    assert story.told[0] == Resumed()
    same(story.history, undisturbed(IRIS, [(2, 0.02)]))


def test_a_folder_that_cannot_be_written_harms_no_run(tmp_path):
    (tmp_path / "file").write_text("in the way")
    story = Story(IRIS, tmp_path / "file", kind=Always).attempt()
    assert not any(isinstance(event, Checkpoint) for event in story.told)
    same(story.history, undisturbed(IRIS))


@pytest.mark.parametrize("seconds, some", [(0.0, True), (1e6, False)])
def test_checkpoints_come_as_often_as_asked_for(seconds, some, tmp_path):
    checkpoints = Checkpoints(tmp_path, "ab-1", 1, seconds)
    data = split(IRIS.data, IRIS.preparation)
    events = fit(IRIS.replaced(epochs=200), data, ControlsMailbox(), SETTINGS, (), checkpoints)
    written = [event for event in events if isinstance(event, Checkpoint)]
    assert bool(written) is some and all(0 < checkpoint.step < 800 for checkpoint in written)
