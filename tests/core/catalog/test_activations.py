"""The NumPy formulas that the pictures are drawn from are those that Keras trains with."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
import pytest

from core.catalog.activations import ACTIVATIONS, slope

X = np.linspace(-6, 6, 241)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_formula_is_keras_own(name):
    expected = np.asarray(keras.activations.get(name)(X.astype(np.float32)))
    # gelu: Keras takes the exact form by default, as the formula does.
    np.testing.assert_allclose(ACTIVATIONS[name].function(X), expected, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_gradient_that_jax_takes(name):
    import jax

    x = X[np.abs(X) > 0.01]  # relu and its kin have a kink at 0
    gradient = jax.vmap(jax.grad(keras.activations.get(name)))(x.astype(np.float32))
    np.testing.assert_allclose(slope(ACTIVATIONS[name].function, x), np.asarray(gradient), atol=1e-4)
