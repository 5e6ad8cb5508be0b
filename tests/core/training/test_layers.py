"""The fast layers against Keras's own: outputs and gradients over random shapes."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from functools import partial

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.stacks import TracedFloat
from core.training.convolution import Conv1D, Conv2D, Conv2DTranspose, SeparableConv2D
from core.training.normalization import BatchNormalization, example_weights
from core.training.pooling import MaxPooling2D
from core.training.traced_layers import Dropout, GaussianNoise, Penalty, SpatialDropout2D, layer_numbers

SIZES = st.integers(5, 11)


def check_same(own: keras.layers.Layer, keras_own: keras.layers.Layer, x: np.ndarray) -> None:
    """Outputs, and gradients by inputs and weights, agree to float32's accuracy."""
    with keras.StatelessScope(initialize_variables=False):
        own.build(x.shape)
        keras_own.build(x.shape)
    random = np.random.default_rng(len(x.ravel()))
    weights = [random.normal(size=variable.shape).astype(np.float32) for variable in own.trainable_variables]

    def total(layer, weights, x):
        with keras.StatelessScope(list(zip(layer.trainable_variables, weights, strict=True)),
                                  initialize_variables=False):
            y = layer(x)
        # Weighted by position, so that a misplaced output shows.
        return jnp.sum(y * jnp.cos(jnp.arange(y.size).reshape(y.shape))), y

    results = [jax.jit(jax.grad(partial(total, layer), (0, 1), has_aux=True))(weights, x)
               for layer in (own, keras_own)]
    for mine, theirs in zip(*map(jax.tree.leaves, results), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-3)


@settings(max_examples=25)
@given(height=SIZES, width=SIZES, channels=st.integers(1, 3), rows=st.integers(1, 5),
       columns=st.integers(1, 5), filters=st.integers(1, 4), padding=st.sampled_from(["same", "valid"]),
       strides=st.sampled_from([1, 2, 3]), dilation=st.sampled_from([1, 1, 2]), seed=st.integers(0, 999))
def test_convolution_is_keras_convolution(height, width, channels, rows, columns, filters, padding, strides,
                                          dilation, seed):
    if (strides > 1 and dilation > 1) or (padding == "valid" and dilation * (max(rows, columns) - 1) >= 5):
        return  # Keras refuses the one, and nothing is left of the image in the other
    x = np.random.default_rng(seed).normal(size=(2, height, width, channels)).astype(np.float32)
    arguments = {"filters": filters, "kernel_size": (rows, columns), "padding": padding, "strides": strides,
                 "dilation_rate": dilation}
    check_same(Conv2D(**arguments), keras.layers.Conv2D(**arguments), x)


@settings(max_examples=25)
@given(height=SIZES, width=SIZES, channels=st.integers(1, 3), rows=st.integers(1, 5),
       columns=st.integers(1, 5), filters=st.integers(1, 4), padding=st.sampled_from(["same", "valid"]),
       strides=st.integers(1, 4), seed=st.integers(0, 999))
def test_transposed_convolution_is_keras_transposed_convolution(height, width, channels, rows, columns,
                                                                filters, padding, strides, seed):
    """Also where the strides are larger than the window, which leaves gaps."""
    x = np.random.default_rng(seed).normal(size=(2, height, width, channels)).astype(np.float32)
    arguments = {"filters": filters, "kernel_size": (rows, columns), "padding": padding, "strides": strides,
                 "activation": "tanh"}
    check_same(Conv2DTranspose(**arguments), keras.layers.Conv2DTranspose(**arguments), x)


@settings(max_examples=12)
@given(steps=SIZES, channels=st.integers(1, 3), size=st.integers(1, 5), filters=st.integers(1, 4),
       padding=st.sampled_from(["same", "valid", "causal"]), strides=st.integers(1, 3), bias=st.booleans(),
       seed=st.integers(0, 999))
def test_convolution_of_a_series_is_keras_convolution(steps, channels, size, filters, padding, strides, bias,
                                                      seed):
    x = np.random.default_rng(seed).normal(size=(2, steps, channels)).astype(np.float32)
    arguments = {"filters": filters, "kernel_size": size, "padding": padding, "strides": strides,
                 "use_bias": bias, "activation": "tanh"}
    check_same(Conv1D(**arguments), keras.layers.Conv1D(**arguments), x)


@settings(max_examples=12)
@given(height=SIZES, width=SIZES, channels=st.integers(1, 3), rows=st.integers(1, 4),
       columns=st.integers(1, 4), filters=st.integers(1, 4), padding=st.sampled_from(["same", "valid"]),
       strides=st.integers(1, 3), multiplier=st.sampled_from([1, 1, 2]), seed=st.integers(0, 999))
def test_separable_convolution_is_keras_convolution(height, width, channels, rows, columns, filters, padding,
                                                    strides, multiplier, seed):
    x = np.random.default_rng(seed).normal(size=(2, height, width, channels)).astype(np.float32)
    arguments = {"filters": filters, "kernel_size": (rows, columns), "padding": padding, "strides": strides,
                 "depth_multiplier": multiplier, "activation": "tanh"}
    check_same(SeparableConv2D(**arguments), keras.layers.SeparableConv2D(**arguments), x)


@settings(max_examples=25)
@given(height=SIZES, width=SIZES, channels=st.integers(1, 3), rows=st.integers(1, 3),
       columns=st.integers(1, 3), strides=st.sampled_from([None, None, 1, 2]),
       padding=st.sampled_from(["valid", "valid", "same"]), ties=st.booleans(), seed=st.integers(0, 999))
def test_pooling_is_keras_pooling(height, width, channels, rows, columns, strides, padding, ties, seed):
    x = np.random.default_rng(seed).normal(size=(2, height, width, channels)).astype(np.float32)
    if ties:  # the first maximum of a window takes the whole gradient
        x = np.round(x)
    arguments = {"pool_size": (rows, columns), "strides": strides, "padding": padding}
    check_same(MaxPooling2D(**arguments), keras.layers.MaxPooling2D(**arguments), x)


def test_the_fast_path_is_taken():
    """Otherwise the comparisons above would compare Keras with itself."""
    layer = Conv2D(2, 3)
    layer.build((1, 8, 8, 1))
    jaxpr = str(jax.make_jaxpr(lambda x: layer(x))(np.zeros((1, 8, 8, 1), np.float32)))
    assert "conv_general_dilated" not in jaxpr and "dot_general" in jaxpr
    dilated = Conv2D(2, 3, dilation_rate=2)
    dilated.build((1, 8, 8, 1))
    assert "conv_general_dilated" in str(
        jax.make_jaxpr(lambda x: dilated(x))(np.zeros((1, 8, 8, 1), np.float32)))
    for layer, shape in ((Conv1D(2, 3, strides=2), (1, 9, 2)),
                         (Conv2DTranspose(2, 3, strides=2), (1, 8, 8, 2)),
                         (SeparableConv2D(2, 3, strides=2), (1, 8, 8, 2))):
        layer.build(shape)
        jaxpr = str(jax.make_jaxpr(layer)(np.zeros(shape, np.float32)))
        assert "conv_general_dilated" not in jaxpr and "dot_general" in jaxpr
    pooled = str(jax.make_jaxpr(lambda x: MaxPooling2D(2)(x))(np.zeros((1, 8, 8, 1), np.float32)))
    assert "reduce_window" not in pooled and "custom_vjp" in pooled


@pytest.mark.parametrize("channels", [1, 3])
def test_convolution_by_hand(channels):
    """A kernel of ones sums its window."""
    layer = Conv2D(1, 2, kernel_initializer="ones")
    x = np.arange(9.0, dtype=np.float32).reshape(1, 3, 3, 1).repeat(channels, -1)
    assert np.asarray(layer(x))[0, :, :, 0].tolist() == [[8 * channels, 12 * channels],
                                                         [20 * channels, 24 * channels]]


@pytest.mark.parametrize("number", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("kind", [Dropout, SpatialDropout2D, GaussianNoise])
def test_a_traced_number_is_as_good_as_keras_own(kind, number):
    x = np.random.default_rng(0).normal(size=(40, 3, 3, 30)).astype(np.float32)
    keras_own = getattr(keras.layers, kind.__name__)
    expected = keras_own(number, seed=7)(x, training=True)
    assert np.abs(expected - x).max() > 0.1
    np.testing.assert_allclose(kind(number, seed=7)(x, training=True), expected, rtol=1e-6)

    @jax.jit
    def called(values):
        layer = kind(TracedFloat(0.3, 2), seed=7)  # its own number gives way to the traced one
        with keras.StatelessScope(), layer_numbers(values):
            return layer(x, training=True)

    values = np.array([0, 0, number, 1], np.float32)
    np.testing.assert_allclose(called(values), expected, rtol=1e-5, atol=1e-6)
    with layer_numbers(np.full(3, number, np.float32)):
        assert np.array_equal(kind(TracedFloat(0.3, 2))(x), x)  # not while it predicts
        assert np.array_equal(kind(TracedFloat(0.0, 2))(x, training=True), x)


@settings(max_examples=9)
@given(l1=st.sampled_from([0.0, 0.01, 0.3]), l2=st.sampled_from([0.0, 0.02, 0.5]))
def test_a_traced_penalty_is_keras_penalty(l1, l2):
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    expected = jax.value_and_grad(keras.regularizers.L1L2(l1, l2))(x)
    own = Penalty(0.5 * (l1 > 0), 0.5 * (l2 > 0), (1, 0))
    again = keras.regularizers.get(keras.regularizers.serialize(own))
    assert isinstance(again, Penalty) and again.places == (1, 0)
    with layer_numbers(np.array([l2, l1], np.float32)):
        for penalty in (own, again):
            for mine, theirs in zip(jax.jit(jax.value_and_grad(penalty))(x), expected, strict=True):
                np.testing.assert_allclose(mine, theirs, rtol=1e-5)


@settings(max_examples=12)
@given(shape=st.sampled_from([(3,), (1,), (4, 2), (3, 3, 1), (3, 2, 4)]), counted=st.integers(2, 6),
       filling=st.integers(0, 4), seed=st.integers(0, 999))
def test_batch_normalization_leaves_out_what_fills_the_batch(shape, counted, filling, seed):
    """Outputs, gradients and moving statistics are those of Keras's layer on the batch without filling."""
    random = np.random.default_rng(seed)
    x = random.normal(2, 3, size=(counted + filling, *shape)).astype(np.float32)
    weights = np.arange(counted + filling) < counted
    own, theirs = BatchNormalization(momentum=0.8), keras.layers.BatchNormalization(momentum=0.8)
    own.build(x.shape)
    theirs.build(x.shape)
    gamma_beta = [random.normal(size=shape[-1]).astype(np.float32) for _ in range(2)]
    factors = random.normal(size=x.shape).astype(np.float32)

    def called(layer, trainable, x, weights):
        moving = [variable.value for variable in layer.non_trainable_variables]
        with example_weights(weights):
            y, after = layer.stateless_call(trainable, moving, x, training=True)
        return jnp.sum((y * factors[:len(x)])[:counted]), (y[:counted], after)

    results = [jax.jit(jax.value_and_grad(partial(called, layer), (0, 1), has_aux=True))(gamma_beta, *given)
               for layer, given in ((own, (x, weights.astype(np.float32))), (theirs, (x[:counted], None)))]
    (_, mine), (_, expected) = results
    assert np.all(mine[1][counted:] == 0), "filling has no say"
    np.testing.assert_allclose(mine[1][:counted], expected[1], rtol=1e-3, atol=1e-4)
    # The sum, what comes out, the moving statistics, the gradients of gamma and beta.
    for one, two in zip(*(jax.tree.leaves((outputs, gradients[0])) for outputs, gradients in results),
                        strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-3, atol=1e-4)
