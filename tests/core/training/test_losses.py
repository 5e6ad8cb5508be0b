"""Losses per example and their gradients, metrics and clipping, compared with Keras's."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, mean_absolute_error

from core.catalog.losses import LOSSES, balanced_weights
from core.training.losses import clipped, example_losses, example_metrics, predictions

SCALES = st.sampled_from([0.0, 1e-3, 1.0, 30.0, 1e4])
# The targets of hidden words are words: test_hidden_words.py compares their loss.
COMPARED = [name for name, loss in LOSSES.items() if "guessing" not in loss.tasks]


def drawn(name: str, seed: int, scale: float, count: int, units: int) -> tuple[np.ndarray, np.ndarray]:
    """Outputs of some size and their targets."""
    random = np.random.default_rng(seed)
    outputs = (scale * random.normal(size=(count, units))).astype(np.float32)
    if LOSSES[name].binary:
        return outputs[:, :1], random.integers(0, 2, count).astype(np.int32)
    if LOSSES[name].pixels:
        return outputs, random.uniform(size=(count, units)).astype(np.float32)
    if "classification" in LOSSES[name].tasks:
        return outputs, random.integers(0, units, count).astype(np.int32)
    return outputs, (max(scale, 1.0) * random.normal(size=(count, units))).astype(np.float32)


def within(name: str, share: float) -> dict[str, float]:
    """Values of a loss's parameters: each that share of the way through its range."""
    ranges: Any = LOSSES[name].parameters
    return {span.name: span.low + share * (span.high - span.low) for span in ranges}


def by_keras(name: str, values: dict[str, Any], outputs: Any, y: np.ndarray) -> Any:
    """What the class that a script is told makes of the output layer that it is told."""
    entry = LOSSES[name]
    told = entry.in_keras(values)
    if entry.binary:
        # Of logits, so that the gradient of a sure answer is not cut off as that of a sigmoid's is.
        loss = getattr(keras.losses, told.class_name)(**told.arguments, from_logits=True, reduction=None)
        return loss(y[:, None], outputs)
    if entry.pixels:
        loss = getattr(keras.losses, told.class_name)(**told.arguments, from_logits=True, reduction=None)
        return loss(y, outputs)
    loss = getattr(keras.losses, told.class_name)(**told.arguments, reduction=None)
    read = keras.ops.softmax(outputs) if entry.output == "softmax" else outputs
    return loss(keras.utils.to_categorical(y, outputs.shape[1]) if told.one_hot else y, read)


@pytest.mark.parametrize("name", COMPARED)
@settings(max_examples=12)
@given(seed=st.integers(0, 9999), scale=SCALES, units=st.sampled_from([2, 5]),
       share=st.sampled_from([0.0, 0.0, 0.1, 0.5, 1.0]))
def test_losses_and_gradients_are_those_of_keras(name, seed, scale, units, share):
    count = 6
    outputs, y = drawn(name, seed, scale, count, units)
    values = within(name, share)
    weights = np.cos(np.arange(count))  # so that a misplaced example shows

    def both(function: Any) -> tuple[Any, Any]:
        return function(outputs), jax.grad(lambda outputs: jnp.sum(weights * function(outputs)))(outputs)

    own = both(lambda outputs: example_losses(name, outputs, y, values))
    assert own[0].shape == (count,)
    for mine, theirs in zip(own, both(lambda outputs: by_keras(name, values, outputs, y)), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["mse", "mae", "huber"])
def test_a_single_output_is_no_other_case(name):
    outputs, y = drawn(name, 1, 1.0, 5, 1)
    values = {parameter.name: parameter.default for parameter in LOSSES[name].parameters}
    np.testing.assert_allclose(example_losses(name, outputs, y, values), by_keras(name, values, outputs, y),
                               rtol=1e-6)


@pytest.mark.parametrize("name", COMPARED)
def test_another_value_of_a_parameter_compiles_nothing(name):
    outputs, y = drawn(name, 2, 3.0, 6, 4)
    traced = 0

    @jax.jit
    def run(outputs, y, numbers):
        nonlocal traced
        traced += 1
        return example_losses(name, outputs, y, numbers)

    for share in (0.0, 0.3, 1.0):
        values = within(name, share)
        made = run(outputs, y, {key: np.float32(value) for key, value in values.items()})
        np.testing.assert_allclose(made, by_keras(name, values, outputs, y), rtol=1e-5, atol=1e-6)
    assert traced == 1


def test_class_weights_act_as_in_keras():
    """A script's `fit(class_weight=...)` divides by the number of examples, not by the sum of weights."""
    outputs, y = drawn("cross_entropy", 3, 2.0, 12, 3)
    weights = balanced_weights(np.bincount(y, minlength=3))
    x = keras.Input((3,))
    model = keras.Model(x, x)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), optimizer="sgd")
    theirs = model.train_on_batch(outputs, y, class_weight=dict(enumerate(weights.tolist())))
    own = (example_losses("cross_entropy", outputs, y, {"label_smoothing": 0.0}) * weights[y]).mean()
    np.testing.assert_allclose(own, theirs, rtol=1e-5)


def test_metrics_are_those_of_scikit_learn():
    outputs, y = drawn("cross_entropy", 4, 1.0, 50, 5)
    weights = np.repeat([1, 0], [40, 10]).astype(np.float32)
    found = predictions("classification", outputs)
    np.testing.assert_allclose(found, keras.ops.softmax(outputs), rtol=1e-6)
    assert (example_metrics("classification", outputs, y) * weights).sum() == pytest.approx(
        40 * accuracy_score(y[:40], np.asarray(found)[:40].argmax(1)))
    outputs, y = drawn("binary_cross_entropy", 4, 1.0, 50, 1)
    found, told = predictions("classification", outputs), keras.metrics.BinaryAccuracy()
    np.testing.assert_allclose(found[:, 1:], keras.ops.sigmoid(outputs), rtol=1e-6)
    np.testing.assert_allclose(found.sum(1), 1, rtol=1e-6)
    told.update_state(y[:, None], keras.ops.sigmoid(outputs))
    assert example_metrics("classification", outputs, y).mean() == pytest.approx(float(told.result()))
    assert accuracy_score(y, np.asarray(found).argmax(1)) == pytest.approx(float(told.result()))
    outputs, y = drawn("mse", 5, 1.0, 50, 3)
    deviation, mean = np.array([1, 20, 300], np.float32), np.array([5, 0, -7], np.float32)
    assert (example_metrics("regression", outputs, y, deviation) * weights).sum() == pytest.approx(
        40 * mean_absolute_error((y * deviation + mean)[:40], (outputs * deviation + mean)[:40]), rel=1e-5)
    np.testing.assert_array_equal(predictions("forecasting", outputs), outputs)


@settings(max_examples=40)
@given(seed=st.integers(0, 999), scale=st.sampled_from([0.0, 1e-3, 1.0, 1e3, np.inf, np.nan]),
       norm=st.sampled_from([1e-3, 0.5, 1.0, 7.0, 1e4]))
def test_clipping_is_that_of_keras(seed, scale, norm):
    random = np.random.default_rng(seed)
    gradients = [(scale * random.normal(size=shape)).astype(np.float32) for shape in ((3, 4), (4,), ())]
    theirs = keras.optimizers.SGD(global_clipnorm=norm)._clip_gradients(gradients)
    for mine, other in zip(jax.jit(clipped)(gradients, norm), theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5)


def test_clipping_at_zero_is_off_and_keeps_the_tree():
    gradients = {"a": np.array([3e4, np.inf], np.float32), "b": [np.array(2.0, np.float32)]}
    kept = jax.jit(clipped)(gradients, 0.0)
    np.testing.assert_array_equal(kept["a"], gradients["a"])
    scaled = jax.jit(clipped)({"a": np.array([3.0, 0.0], np.float32), "b": [np.float32(4.0)]}, 1.0)
    np.testing.assert_allclose(scaled["a"], [0.6, 0.0], rtol=1e-6)
    np.testing.assert_allclose(scaled["b"][0], 0.8, rtol=1e-6)
