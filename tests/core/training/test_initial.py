"""First weights: Keras's distributions, and the seed decides them."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
import pytest

from core.catalog.initializers import INITIALIZERS
from core.runs.config import RunConfig
from core.training.initial import fans, initial_values
from core.training.model import build_model, build_optimizer

NAMES = ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal",
         "RandomNormal", "RandomUniform", "TruncatedNormal"]


class Made:
    """A variable that has an initializer and no value yet."""

    def __init__(self, initializer, shape):
        self._initializer, self.shape = initializer, shape
        self.path, self.dtype = "layer/kernel", "float32"


@pytest.mark.parametrize("shape", [(300, 200), (3, 3, 40, 60)])
@pytest.mark.parametrize("name", NAMES)
def test_draws_keras_distribution(name, shape):
    own = initial_values([Made(getattr(keras.initializers, name)(), shape)], 1)[0]
    theirs = np.asarray(getattr(keras.initializers, name)(seed=1)(shape))
    assert own.shape == theirs.shape and own.dtype == np.float32
    quantiles = np.linspace(0.01, 0.99, 25)
    np.testing.assert_allclose(np.quantile(own, quantiles), np.quantile(theirs, quantiles),
                               atol=0.06 * theirs.std())
    # Of a normal distribution that is not cut off, the largest of many is itself at random.
    tolerance = 0.3 if name == "RandomNormal" else 0.02
    np.testing.assert_allclose(abs(own).max(), abs(theirs).max(), rtol=tolerance)
    assert abs(own.mean()) < 0.02 * theirs.std()


@pytest.mark.parametrize("shape", [(8, 8), (12, 5), (5, 12)])
def test_orthogonal_is_orthogonal(shape):
    own = initial_values([Made(keras.initializers.Orthogonal(gain=2.0), shape)], 3)[0]
    small = own @ own.T if shape[0] < shape[1] else own.T @ own
    np.testing.assert_allclose(small, 4 * np.eye(min(shape)), atol=1e-5)


def test_an_unknown_initializer_is_named():
    with pytest.raises(NotImplementedError, match="Identity"):
        initial_values([Made(keras.initializers.Identity(), (2, 2))], 0)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_initializer_on_offer_is_drawn_as_keras_draws_it(name):
    """Moments of many values; that of the distribution's shape is tested above."""
    keras_own = keras.initializers.get(name)
    own, theirs = initial_values([Made(keras_own, (400, 100))], 2)[0], np.asarray(keras_own((400, 100)))
    np.testing.assert_allclose(own.std(), theirs.std(), rtol=0.02)
    np.testing.assert_allclose(own.mean(), theirs.mean(), atol=0.02 * theirs.std() + 1e-9)


def test_fans_by_hand():
    assert fans((4, 16)) == (4, 16)
    assert fans((3, 3, 32, 64)) == (288, 576)
    assert fans((7,)) == (7, 7)


def test_the_seed_decides_and_every_layer_draws_its_own():
    model = build_model(RunConfig(architecture_parameters={"hidden_units": [4, 4, 4]}))
    first, again, other = (initial_values(model.trainable_variables, seed) for seed in (5, 5, 6))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    kernels = [value for value in first if value.ndim == 2]
    assert not np.array_equal(kernels[1], kernels[2])
    assert not np.array_equal(first[0], other[0])


def test_an_lstm_begins_as_keras_does():
    """One for the forget gate's bias, zero for the others; an orthogonal recurrent kernel."""
    config = RunConfig(dataset="digits", architecture="rnn", activation="tanh",
                       architecture_parameters={"cell": "LSTM", "units": 3})
    model = build_model(config)
    values = dict(zip((variable.path for variable in model.trainable_variables),
                      initial_values(model.trainable_variables, 0), strict=True))
    bias = next(value for path, value in values.items() if path.endswith("lstm_cell/bias"))
    assert bias.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("name", ["adam", "adagrad", "nadam"])
def test_an_optimizer_begins_as_keras_does(name):
    model = build_model(RunConfig())
    own = build_optimizer(RunConfig(optimizer=name), model.trainable_variables)
    theirs = type(own).from_config(own.get_config())
    theirs.build([keras.Variable(np.zeros(variable.shape)) for variable in model.trainable_variables])
    for mine, variable in zip(initial_values(own.variables, 0), theirs.variables, strict=True):
        np.testing.assert_allclose(mine, np.asarray(variable.value))
