"""Networks that give back their input: against Keras's own training, and what is done to their inputs."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import json
from typing import Any

import jax
import keras
import numpy as np
import pytest

from core.datasets.splits import split
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation, Reconstructions
from core.runs.events import EpochEnd
from core.runs.history import History
from core.runs.program_key import program_key
from core.settings import from_environment
from core.store.moment import pack_moment, unpack_moment
from core.training.corruption import corrupted
from core.training.fit import fit
from core.training.initial import initial_values
from core.training.model import build_model
from core.training.plan import Plan

IRIS = RunConfig(target="input", architecture="autoencoder", activation="tanh", optimizer="sgd",
                 learning_rate=0.1, epochs=2, architecture_parameters={"hidden_units": [6], "code": 2})
PIXELS = RunConfig(dataset="digits", target="input", architecture="conv_autoencoder", activation="tanh",
                   loss="pixel_cross_entropy", optimizer="sgd", learning_rate=0.1, epochs=1,
                   training_size=200, architecture_parameters={"filters": [3], "code": 2})


def events_of(config: RunConfig) -> list[Any]:
    return list(fit(config, split(config.data, config.preparation), ControlsMailbox(), from_environment({})))


def iris_in_keras() -> keras.Model:
    dense = keras.layers.Dense
    return keras.Sequential([keras.Input((4,)), dense(6, "tanh"), dense(2), dense(6, "tanh"), dense(4)])


def pixels_in_keras() -> keras.Model:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((8, 8, 1)), layers.Conv2D(3, 3, padding="same", activation="tanh"), layers.MaxPooling2D(),
        layers.Conv2D(2, 3, padding="same"),
        layers.Conv2DTranspose(3, 3, strides=2, padding="same", activation="tanh"),
        layers.Conv2D(1, 1, activation="sigmoid")])


@pytest.mark.parametrize("config, made, loss", [
    (IRIS, iris_in_keras, "mse"), (PIXELS, pixels_in_keras, "binary_crossentropy")], ids=["table", "image"])
def test_a_run_is_kerass_own_training_on_its_inputs(config, made, loss):
    data, model = split(config.data, config.preparation), made()
    model.compile(loss=loss, optimizer=keras.optimizers.SGD(config.learning_rate))
    empty = build_model(config)
    for variable, value in zip(model.trainable_variables,
                               initial_values(empty.trainable_variables, config.seed), strict=True):
        variable.assign(np.reshape(value, variable.shape))  # a 1x1 convolution is a Dense of each pixel
    x, size = data.x_train * np.float32(data.scale), config.batch_size
    events, losses = events_of(config), []
    for epoch in range(config.epochs):
        order = Plan.of(config, data).order(config.seed, 0)[epoch, :len(x)]
        batches = [x[order[start:start + size]] for start in range(0, len(x), size)]
        seen = [float(model.train_on_batch(batch, batch)) * len(batch) for batch in batches if not
                model.reset_metrics()]
        losses.append(sum(seen) / len(x))
    ends = [event for event in events if isinstance(event, EpochEnd)]
    np.testing.assert_allclose([end.loss for end in ends], losses, rtol=2e-4)
    tested = data.x_test * np.float32(data.scale)
    answered = np.asarray(model(tested))
    off = np.square(answered - tested).reshape(len(tested), -1).mean(1)
    found = next(event for event in reversed(events) if isinstance(event, Evaluation))
    np.testing.assert_allclose(found.reconstructions.errors, np.sqrt(off), rtol=2e-3, atol=1e-4)
    assert found.metric == pytest.approx(np.sqrt(off).mean(), rel=1e-3)
    told = answered[found.reconstructions.shown].reshape(len(found.reconstructions.shown), -1)
    level, close = (255, 0.6 / 255) if config.data.is_image else (1, 1e-3)
    np.testing.assert_allclose(found.reconstructions.outputs / level, told, atol=close)


@pytest.mark.parametrize("shape, patch", [((28, 28, 1), (4, 4)), ((14, 2), (2,)), ((9,), (1,))])
def test_damage_has_the_strength_that_was_asked_for(shape, patch):
    x = np.ones((300, *shape), np.float32)
    noisy = np.asarray(corrupted(x, np.array([0.5, 0.0], np.float32), jax.random.key(1))) - x
    assert noisy.std() == pytest.approx(0.5, rel=0.05) and abs(noisy.mean()) < 0.03
    masked = np.asarray(corrupted(x, np.array([0.0, 0.3], np.float32), jax.random.key(2)))
    assert set(np.unique(masked)) == {0.0, 1.0} and (masked == 0).mean() == pytest.approx(0.3, abs=0.04)
    first = masked[(slice(None), *(slice(side) for side in patch))]
    assert (first.reshape(300, -1).std(1) == 0).all(), "a patch goes as a whole"


def test_damage_changes_the_inputs_alone_and_its_strength_compiles_nothing():
    weak, strong = (IRIS.replaced(input_noise=noise, masking=noise / 2) for noise in (0.1, 0.4))
    assert program_key(weak) == program_key(strong) != program_key(IRIS)
    clean, damaged = events_of(IRIS.replaced(epochs=20)), events_of(strong.replaced(epochs=20))
    last = [[event for event in events if isinstance(event, EpochEnd)][-1] for events in (clean, damaged)]
    # Training gets harder; validation sees whole inputs, and is the easier for it.
    assert last[1].loss > 1.5 * last[0].loss and (last[1].val_loss or np.inf) < last[1].loss


def test_a_target_is_left_out_of_a_config_that_does_not_set_it():
    """Stored runs and links from before keep their keys."""
    assert not {"target", "input_noise", "masking"} & set(RunConfig().to_dict())
    assert RunConfig.from_dict(json.loads(PIXELS.key)) == PIXELS and '"target": "input"' in PIXELS.key
    assert PIXELS.data != PIXELS.data.labelled and PIXELS.data.labelled == RunConfig(dataset="digits").data
    assert split(PIXELS.data, PIXELS.preparation) is split(PIXELS.data.labelled, PIXELS.preparation)


@pytest.mark.parametrize("values, field, words", [
    ({"target": "label"}, "architecture", "Set the target to the input"),
    ({"dataset": "hello"}, "target", "at least two numbers"),
    ({"loss": "pixel_cross_entropy"}, "loss", "needs images"),
    ({"dataset": "digits", "loss": "pixel_cross_entropy", "scaling": "none"}, "loss", "pixels from 0 to 1"),
    ({"label_noise": 0.1}, "label_noise", "classes to predict"),
    ({"architecture": "conv_autoencoder"}, "architecture", "needs images"),
    ({"dataset": "mnist", "architecture": "conv_autoencoder",
      "architecture_parameters": {"filters": [2, 2, 2]}}, "architecture_parameters.filters",
     "28x28 pixels cannot be divided by 8"),
    ({"dataset": "digits", "architecture": "custom", "architecture_parameters": {
        "layers": [{"kind": "MaxPooling2D"}]}}, "architecture_parameters.layers", "a row of numbers, or")])
def test_what_does_not_go_together_is_refused(values, field, words):
    with pytest.raises(FieldError, match=words) as caught:
        RunConfig(**{"target": "input", "architecture": "autoencoder", **values})
    assert caught.value.field == field


def test_the_last_moment_of_a_run_can_be_kept():
    history = History()
    for event in events_of(PIXELS):
        history.append(event)
    kept = unpack_moment(pack_moment(history) or b"")["evaluation"].reconstructions
    assert isinstance(kept, Reconstructions) and history.evaluation and history.evaluation.reconstructions
    np.testing.assert_array_equal(kept.outputs, history.evaluation.reconstructions.outputs)
