"""A run that starts from another's weights: against an uninterrupted run, and against Keras's own."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets.splits import split
from core.errors import UserError
from core.parameters import FieldError
from core.runs.checkpoints import Checkpoints
from core.runs.config import RunConfig
from core.runs.continuing import continued
from core.runs.controls import Controls, ControlsMailbox
from core.runs.events import Checkpoint, Compiled, Event, Finished, Paused, Resumed, Starting
from core.runs.history import History
from core.runs.run import Run
from core.runs.start import depth
from core.settings import from_environment
from core.training import starting
from core.training.fit import fit
from core.training.plan import Plan
from core.training.trainer import Trainer
from tests.core.training.reference import keras_batch, keras_compiled

SETTINGS = from_environment({})
IRIS = RunConfig(epochs=10, batch_size=25, dropout_rate=0.3, seed=4)
STEPS = 4


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache without any starts."""
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path))
    return tmp_path / starting.FOLDER


def events(config: RunConfig, mailbox: ControlsMailbox | None = None, replay=()) -> list[Event]:
    data = split(config.data, config.preparation)
    return list(fit(config, data, mailbox or ControlsMailbox(), SETTINGS, replay))


def run(config: RunConfig, replay=()) -> History:
    history = History()
    for event in events(config, replay=replay):
        history.append(event)
    return history


def after(config: RunConfig, at: int | str, **changes) -> RunConfig:
    """A run of `config` that starts from itself; changes: of its own fields."""
    rest = {name: changes.pop(name) for name in ("learning_rates", "edits") if name in changes}
    before = {name: config.to_dict()[name] for name in changes}
    return config.replaced(**changes, start={"config": before, "at": at, **rest})


def weights(history: History) -> tuple[np.ndarray, ...]:
    """The weights at the end; a small network's are always kept."""
    return history.finished.weights or ()


def weights_alike(one: History, other: History, tolerance: float = 0.0) -> None:
    for mine, theirs in zip(weights(one), weights(other), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=tolerance)


@pytest.mark.parametrize("at, epochs", [(0, 10), (6 * STEPS, 4), (6 * STEPS + 3, 4)])
def test_going_on_is_what_an_uninterrupted_run_does(at: int, epochs: int):
    rates = [(5, 0.02), (7 * STEPS, 0.004)]
    whole = run(IRIS, rates)
    rest = run(after(IRIS, at, epochs=epochs, learning_rates=[row for row in rates if row[0] < at],
                     learning_rate=0.02 if at else 0.01), [(step - at, rate) for step, rate in rates
                                                           if step >= at])
    done = 10 - epochs
    assert [row[0] for row in rest.epochs] == [number + 1 for number in range(epochs)]
    np.testing.assert_allclose(rest.table("epochs")[:, 1:], whole.table("epochs")[done:, 1:], rtol=1e-6)
    assert rest.progress.step == whole.progress.step - at
    weights_alike(rest, whole)
    assert rest.evaluation.loss == whole.evaluation.loss


def test_augmented_images_go_on_too():
    config = RunConfig(dataset="digits", architecture="cnn", epochs=3, batch_size=200, learning_rate=0.01,
                       augmentation_parameters={"shift": 0.1}, dropout_rate=0.2,
                       architecture_parameters={"filters": [4], "dense_units": [8]})
    plan = Plan.of(config, split(config.data, config.preparation))
    whole, rest = run(config), run(after(config, plan.steps, epochs=2))
    np.testing.assert_allclose(rest.table("epochs")[:, 1:], whole.table("epochs")[1:, 1:], rtol=1e-6)


def test_the_weights_that_early_stopping_kept():
    config = RunConfig(epochs=60, patience=2, learning_rate=0.3, seed=1, optimizer="sgd_momentum")
    first = run(config)
    assert "Stopped early" in first.finished.message
    rest = run(after(config, "kept", epochs=1, learning_rate=1e-5, patience=0))
    weights_alike(rest, first, 1e-3)


def test_edits_are_made_before_the_first_step():
    config = RunConfig(epochs=2, optimizer="sgd")
    kernel = weights(run(config))[0]
    edited = weights(run(after(config, "kept", epochs=1, learning_rate=1e-5,
                               edits=[["dense_1/kernel", 5, 3.5]])))[0]
    difference = edited - kernel
    assert abs(edited.flat[5] - 3.5) < 0.01
    difference.flat[5] = 0
    assert abs(difference).max() < 0.01


def test_a_new_optimizer_starts_fresh_as_in_keras():
    """The same weights in a model of Keras's own, with the same batches from its first step on."""
    config = after(RunConfig(epochs=3, batch_size=30), 5, epochs=1, optimizer="sgd_momentum",
                   optimizer_parameters={"momentum": 0.9}, learning_rate=0.05)
    assert not config.start.goes_on(config)
    data = split(config.data, config.preparation)
    plan, model = Plan.of(config, data), keras_compiled(config, ["accuracy"])
    trained = keras_compiled(config.start.config, ["accuracy"])
    for step in range(5):
        epoch, place = divmod(step, plan.steps)
        order = plan.order(config.seed, epoch)[0][:plan.examples]
        trained.train_on_batch(*keras_batch(config, data, order[place * 30:place * 30 + 30]))
    model.set_weights(trained.get_weights())
    order = plan.order(config.seed, 0)[0][:plan.examples]
    for place in range(plan.steps):
        model.train_on_batch(*keras_batch(config, data, order[place * 30:place * 30 + 30]))
    for mine, theirs in zip(weights(run(config)), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-5)


def test_a_start_with_a_start():
    whole = run(IRIS)
    middle = after(IRIS, 3 * STEPS, epochs=5)
    rest = run(middle.replaced(epochs=4, start={"config": middle.to_dict() | {"epochs": 5},
                                                "at": 3 * STEPS}))
    np.testing.assert_allclose(rest.table("epochs")[:, 1:], whole.table("epochs")[6:, 1:], rtol=1e-6)


def test_a_longer_chain_is_one_run_whose_learning_rate_was_changed():
    rates = (0.01, 0.02, 0.003, 0.03)
    whole = run(IRIS, [(11, rates[1]), (11 + 9, rates[2]), (11 + 9 + 8, rates[3])])
    made = Run("1", "me", IRIS, 0, Controls(), status="stopped", history=run(IRIS))
    for at, rate, epochs in ((11, rates[1], 7), (9, rates[2], 5), (8, rates[3], 3)):
        made = replace(made, config=continued(made, IRIS.replaced(epochs=epochs, learning_rate=rate), at))
        made.history = run(made.config)
    assert depth(made.config.start) == 2
    np.testing.assert_allclose(made.history.table("epochs")[:, 1:], whole.table("epochs")[7:, 1:], rtol=1e-6)
    weights_alike(made.history, whole)


@pytest.mark.parametrize("at, epochs, more, last", [
    (6, 3, 2, 5), (5, 2, 2, 7), (6, 3, 2, None), (3, 1, 2, None)])
def test_a_chain_joined_after_the_middle_of_an_epoch(at: int, epochs: int, more: int, last: int | None):
    """The second run begins in the middle of an epoch and is continued from its end."""
    made, begun, rates = Run("1", "me", IRIS, 0, Controls(), status="finished", history=run(IRIS)), 0, []
    for left, rate, count in ((at, 0.003, epochs), (None, 0.02, more), (last, 0.001, 2)):
        begun += made.history.progress.step if left is None else left
        rates.append((begun, rate))
        made = replace(made, config=continued(made, IRIS.replaced(epochs=count, learning_rate=rate), left))
        made.history = run(made.config)
    whole = run(IRIS.replaced(epochs=begun // STEPS + 2), rates)
    weights_alike(made.history, whole)


def test_the_start_is_told_of_trained_once_and_never_longer_than_asked(cache: Path):
    config = after(IRIS, 20, epochs=2)
    told = events(config)
    begun = [event for event in told if isinstance(event, Starting)]
    assert begun[-1] == Starting(20, 20) and told.index(begun[-1]) < next(
        place for place, event in enumerate(told) if isinstance(event, Compiled))
    assert len(list(cache.iterdir())) == 1
    again = events(config.replaced(learning_rate=0.5))
    assert not [event for event in again if isinstance(event, Starting)], "read from its file"
    next(cache.iterdir()).write_bytes(b"nonsense")
    assert [event for event in events(config) if isinstance(event, Starting)], "and trained again if it must"


def test_a_start_that_begins_in_the_middle_of_an_epoch_says_how_long_it_is():
    middle = after(IRIS, 7, epochs=2)
    rest = middle.replaced(epochs=1, start={"config": middle.to_dict(), "at": "kept"})
    assert [event for event in events(rest) if isinstance(event, Starting)][-1] == Starting(5, 5)
    late = middle.replaced(epochs=1, start={"config": middle.to_dict(), "at": 7})
    with pytest.raises(FieldError, match="it has fewer, stopped early"):
        events(late)


def test_a_stop_reaches_the_start():
    config, mailbox = after(IRIS.replaced(epochs=1000), "kept"), ControlsMailbox()
    found = []
    for event in fit(config, split(config.data, config.preparation), mailbox, SETTINGS):
        found.append(event)
        mailbox.set(Controls(version=1, stopped=True))
    assert [type(event) for event in found] == [Starting, Finished] and found[-1].status == "stopped"


@pytest.mark.parametrize("at, edits, words", [
    (41, [], "has 40 steps"), (4, [["dense_1/kernel", 64, 1.0]], "no weight number 64 in dense_1/kernel"),
    (4, [["dense_9/kernel", 0, 1.0]], "no weight number 0 in dense_9/kernel")])
def test_what_only_the_worker_can_refuse(at, edits, words):
    with pytest.raises(FieldError, match=words) as caught:
        events(after(IRIS, at, edits=edits))
    assert caught.value.field in ("start.at", "start.edits")


def test_a_run_that_lost_its_worker_and_its_checkpoint_starts_from_the_same_weights(tmp_path: Path):
    config = after(IRIS, 22, epochs=3)
    whole, history = run(config), History()
    lost = Checkpoints(tmp_path, "ab-1", 2, 10.0, Checkpoint(5, 1))
    for event in fit(config, split(config.data, config.preparation), ControlsMailbox(), SETTINGS, (), lost):
        history = history.cut(event) if isinstance(event, Resumed) else history
        if not isinstance(event, Resumed):
            history.append(event)
    np.testing.assert_array_equal(history.table("epochs"), whole.table("epochs"))
    weights_alike(history, whole)


def test_a_long_run_leaves_its_state_for_those_that_go_on_from_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(starting, "WORTH_SECONDS", 0.0)
    rates = [(5, 0.02), (17, 0.005)]
    run(IRIS, rates)
    paused, mailbox = [], ControlsMailbox(Controls(paused=True, epochs=3))
    for event in fit(IRIS, split(IRIS.data, IRIS.preparation), mailbox, SETTINGS, rates):
        paused.append(event)
        if isinstance(event, Paused):
            mailbox.set(mailbox.controls.changed(stopped=True))
    for at in ("kept", 12):
        told = events(after(IRIS, at, learning_rates=rates, epochs=1))
        assert not [event for event in told if isinstance(event, Starting)], at
    assert [event for event in events(after(IRIS, 12, epochs=1)) if isinstance(event, Starting)], (
        "without those changes it would be another network")


@pytest.mark.parametrize("between", [0.0, 1000.0])
def test_a_run_that_pauses_again_and_again_leaves_one_file(cache: Path, monkeypatch: pytest.MonkeyPatch,
                                                           between: float):
    monkeypatch.setattr(starting, "WORTH_SECONDS", 0.0)
    monkeypatch.setattr(starting, "PAUSE_SECONDS", between)
    config = IRIS.replaced(patience=20)  # no call is longer than an epoch
    mailbox, found, paused = ControlsMailbox(Controls(paused=True)), [], []
    for event in fit(config, split(config.data, config.preparation), mailbox, SETTINGS):
        found.append(len(list(cache.glob("*"))))
        if isinstance(event, Paused):
            paused.append(event.step)
            mailbox.set(mailbox.controls.changed(paused=not event.paused))
    assert len(set(paused)) >= 10 and max(found) == 1
    left = [at for at in (*sorted(set(paused))[-4:], "kept") if not any(
        isinstance(event, Starting) for event in events(after(config, at, epochs=1)))]
    assert left == ["kept"]


def test_a_state_that_came_too_soon_is_left_once_the_pause_lasts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(starting, "WORTH_SECONDS", 0.0)
    monkeypatch.setattr(starting, "PAUSE_SECONDS", 0.2)
    mailbox, leaving = ControlsMailbox(), starting.Leaving()
    data = split(IRIS.data, IRIS.preparation)
    trainer = Trainer(IRIS, data, mailbox, SETTINGS)
    for step in (4, 8):
        list(trainer.reach(step))
        leaving.leave(IRIS, trainer.plan, step, (), trainer.standing, ended=False)
    assert leaving.patience is not None and 0 < leaving.patience <= 0.2
    time.sleep(leaving.patience)
    leaving.leave(IRIS, trainer.plan, 8, (), trainer.standing, ended=False)
    assert leaving.patience is None
    assert not any(isinstance(event, Starting) for event in events(after(IRIS, 8, epochs=1)))


def test_a_start_counts_against_the_time_limit():
    config = after(IRIS, "kept")
    with pytest.raises(UserError, match="Start from an earlier step"):
        list(fit(config, split(config.data, config.preparation), ControlsMailbox(),
                 replace(SETTINGS, max_run_seconds=1e-6)))
