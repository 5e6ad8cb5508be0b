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

from core.training.layers import Conv2D, Dropout, MaxPooling2D, dropout_rate

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
       strides=st.sampled_from([1, 1, 2]), dilation=st.sampled_from([1, 1, 2]), seed=st.integers(0, 999))
def test_convolution_is_keras_convolution(height, width, channels, rows, columns, filters, padding, strides,
                                          dilation, seed):
    if (strides > 1 and dilation > 1) or (padding == "valid" and dilation * (max(rows, columns) - 1) >= 5):
        return  # Keras refuses the one, and nothing is left of the image in the other
    x = np.random.default_rng(seed).normal(size=(2, height, width, channels)).astype(np.float32)
    arguments = {"filters": filters, "kernel_size": (rows, columns), "padding": padding, "strides": strides,
                 "dilation_rate": dilation}
    check_same(Conv2D(**arguments), keras.layers.Conv2D(**arguments), x)


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
    strided = Conv2D(2, 3, strides=2)
    strided.build((1, 8, 8, 1))
    assert "conv_general_dilated" in str(
        jax.make_jaxpr(lambda x: strided(x))(np.zeros((1, 8, 8, 1), np.float32)))
    pooled = str(jax.make_jaxpr(lambda x: MaxPooling2D(2)(x))(np.zeros((1, 8, 8, 1), np.float32)))
    assert "reduce_window" not in pooled and "custom_vjp" in pooled


@pytest.mark.parametrize("channels", [1, 3])
def test_convolution_by_hand(channels):
    """A kernel of ones sums its window."""
    layer = Conv2D(1, 2, kernel_initializer="ones")
    x = np.arange(9.0, dtype=np.float32).reshape(1, 3, 3, 1).repeat(channels, -1)
    assert np.asarray(layer(x))[0, :, :, 0].tolist() == [[8 * channels, 12 * channels],
                                                         [20 * channels, 24 * channels]]


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_at_a_traced_rate_is_keras_dropout(rate):
    x = np.random.default_rng(0).normal(size=(40, 30)).astype(np.float32)
    expected = keras.layers.Dropout(rate, seed=7)(x, training=True)

    @jax.jit
    def dropped(traced):
        layer = Dropout(0.3, seed=7)  # its own rate gives way to the traced one
        with keras.StatelessScope(), dropout_rate(traced):
            return layer(x, training=True)

    np.testing.assert_allclose(dropped(np.float32(rate)), expected, rtol=1e-6)
    with dropout_rate(rate):
        assert Dropout(0.3)(x) is x or np.array_equal(Dropout(0.3)(x), x)  # not while it predicts
        assert np.array_equal(Dropout(0.0)(x, training=True), x)
