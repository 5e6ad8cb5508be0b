"""Every choice of a run against Keras's own training: losses, schedules, penalties, clipping, stopping."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from unittest.mock import patch

import keras
import numpy as np
import pytest

from core.catalog.losses import LOSSES
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.events import Finished
from core.runs.history import History
from core.settings import from_environment
from core.training.fit import fit
from tests.core.training.reference import by_keras

SETTINGS = from_environment({})
IRIS = RunConfig(epochs=4, batch_size=25)
DIABETES = RunConfig(dataset="diabetes", epochs=3, batch_size=50)
# Each branch of the step once, together where they act one upon the other. More batches, scalings and first
# weights are in test_fit and test_initial; each schedule's rates, in its own tests.
CASES = {
    "squared error of probabilities": IRIS.replaced(loss="mse_probabilities"),
    "hinge": IRIS.replaced(loss="categorical_hinge"),
    "one output, weighted and smoothed": RunConfig(
        dataset="ten_features", loss="binary_cross_entropy", epochs=3, batch_size=64,
        class_weights="balanced", imbalance=0.7, loss_parameters={"label_smoothing": 0.2}),
    "weighted and smoothed": IRIS.replaced(
        class_weights="balanced", imbalance=0.7, loss_parameters={"label_smoothing": 0.2}),
    "L1 and L2, clipped, on a schedule": IRIS.replaced(
        l1=0.001, l2=0.01, clip_norm=0.05, optimizer="sgd_momentum", learning_rate=0.5, schedule="one_cycle"),
    "batch normalization": IRIS.replaced(batch_normalization=True, batch_size=19),
    "stochastic": IRIS.replaced(batch_size=1, epochs=1),
    "absolute error": DIABETES.replaced(loss="mae"),
    "huber": DIABETES.replaced(loss="huber", loss_parameters={"delta": 0.4}, l2=0.01),
    "forecast": RunConfig(dataset="sine", architecture="tutorial_rnn", epochs=2, learning_rate=0.001),
    "an image network with batch normalization": RunConfig(
        dataset="digits", architecture="resnet", epochs=1, batch_size=500, learning_rate=0.001),
}
# What a change of the training step breaks first; the others are branches of their own.
QUICK = ("weighted and smoothed", "L1 and L2, clipped, on a schedule", "batch normalization", "huber")


def run(config: RunConfig) -> History:
    history = History()
    for event in fit(config, split(config.data, config.preparation), ControlsMailbox(), SETTINGS):
        history.append(event)
    return history


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=() if name in QUICK else pytest.mark.sweep) for name in CASES])
def test_an_epoch_is_what_keras_makes_of_it(name):
    config = CASES[name]
    rows, model, data = by_keras(config, config.epochs)
    history = run(config)
    got = np.array([row[:len(rows[0])] for row in history.epochs])
    if not config.data.classes:
        assert data.target_deviation is not None
        got[:, [2, 4]] /= data.target_deviation.mean()
    np.testing.assert_allclose(got, rows, rtol=5e-3, atol=5e-4)
    y = data.y_test
    loss = LOSSES[config.loss].in_keras(config.loss_parameters)
    if loss.one_hot:
        y = keras.utils.to_categorical(y, config.data.units)
    scores = model.evaluate(data.x_test * np.float32(data.scale), y, verbose=0)
    assert history.evaluation.loss == pytest.approx(scores[0], rel=1e-2, abs=1e-3)


@pytest.mark.parametrize("change", [
    {"l2": 0.1}, {"clip_norm": 0.5}, {"schedule": "constant"}, {"schedule": "one_cycle"},
    {"loss_parameters": {"label_smoothing": 0.3}}, {"patience": 1}, {"label_noise": 0.3},
    {"dropout_rate": 0.6}, {"learning_rate": 0.5}])
def test_another_value_trains_otherwise_and_compiles_nothing(change):
    config = RunConfig(epochs=12, dropout_rate=0.25, l2=0.01, clip_norm=1.0, schedule="cosine",
                       loss_parameters={"label_smoothing": 0.1},
                       architecture_parameters={"hidden_units": (12,)}, learning_rate=0.3)
    first = run(config)
    with patch("core.training.program_cache.Program", side_effect=AssertionError("compiled again")):
        assert run(config.replaced(**change)).epochs != first.epochs


def test_early_stopping_is_what_keras_makes_of_it():
    config = RunConfig(epochs=200, patience=3, learning_rate=0.05, batch_size=10, label_noise=0.3,
                       architecture_parameters={"hidden_units": (64, 64)})
    history = run(config)
    losses = [row[3] for row in history.epochs]
    # The callback itself, told the same losses.
    callback = keras.callbacks.EarlyStopping(patience=3)
    callback.set_model(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    callback.model.stop_training = False
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        assert not callback.model.stop_training, "it stopped before we did"
        callback.on_epoch_end(epoch, {"val_loss": loss})
    assert callback.model.stop_training and len(losses) < config.epochs
    assert isinstance(history.finished, Finished) and history.finished.status == "finished"
    assert f"after epoch {int(np.argmin(losses)) + 1} " in history.finished.message
    # What is back are the weights of the best epoch: the run that ends there has them too.
    best = run(config.replaced(epochs=int(np.argmin(losses)) + 1, patience=0))
    kept, wanted = history.finished.weights, best.finished.weights
    assert kept is not None and wanted is not None
    for mine, other in zip(kept, wanted, strict=True):
        np.testing.assert_array_equal(mine, other)


def test_augmentation_trains_otherwise_and_the_same_again():
    config = RunConfig(dataset="digits", epochs=2, training_size=300)
    moved = config.replaced(augmentation_parameters={"shift": 0.2, "rotation": 20.0})
    assert run(moved).epochs == run(moved).epochs != run(config).epochs
    with patch("core.training.program_cache.Program", side_effect=AssertionError("compiled again")):
        run(moved.replaced(augmentation_parameters={"zoom": 0.2, "noise": 0.1, "flip": "both"}))
