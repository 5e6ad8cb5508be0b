"""Names of variables, compared with those in the model that Keras saves."""

import io

import keras
import numpy as np
import pytest
from keras.src.backend.common import global_state

from core.export import weights_npz
from core.runs.config import RunConfig
from core.training.initial import initial_values
from core.training.model import build_model, network
from core.training.weight_paths import paths as paths_of
from tests.core.training.reference import undrawn


@pytest.mark.parametrize("config", [
    RunConfig(), RunConfig(dataset="digits", architecture="resnet"),
    RunConfig(dataset="sine", architecture="transformer"),
    RunConfig(dataset="digits", architecture="rnn", activation="tanh", batch_normalization=True)],
    ids=lambda config: config.name)
def test_paths_are_those_of_keras_own_model(config: RunConfig):
    # No weight is drawn: that takes most of the time.
    with keras.StatelessScope(initialize_variables=False):
        model = network(config.layers(), config.data.shape, config.data.units, own=False)
    global_state.set_global_attribute("uninitialized_variables", [])
    paths = [path for path in paths_of(build_model(config)) if not path.endswith("seed_generator_state")]
    assert paths[-2:] == ["logits/kernel", "logits/bias"] or paths[-1].endswith("moving_variance")
    assert sorted(paths) == sorted(weight.path.removeprefix("network/") for weight in model.weights)
    trainable = [variable.path.removeprefix("network/") for variable in model.trainable_variables]
    assert paths[:len(trainable)] == trainable
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("values", [
    {"dropout_rate": 0.2, "batch_normalization": True},
    {"dataset": "sine", "architecture": "transformer"}], ids=["mlp", "transformer"])
def test_weights_that_were_taken_home_are_put_into_a_model_by_name(values):
    """Into Keras's own, layer by layer; it then holds what the run's own order of its variables says."""
    config = RunConfig(**values)
    ours = build_model(config)
    weights = [value + place for place, value in enumerate(
        [*initial_values(ours.trainable_variables, 4), *initial_values(ours.non_trainable_variables, 5)])]
    with undrawn():
        by_name, by_place = (network(config.layers(), config.data.shape, config.data.units, own=False)
                             for _ in range(2))
    with np.load(io.BytesIO(weights_npz(weights, paths_of(ours))), allow_pickle=False) as taken:
        assert len(taken) == len(by_name.weights)
        for variable in by_name.weights:
            variable.assign(taken[variable.path.removeprefix("network/")])
    for variable, value in zip(by_place.trainable_variables + by_place.non_trainable_variables, weights,
                               strict=True):
        variable.assign(value)
    for one, two in zip(by_name.weights, by_place.weights, strict=True):
        np.testing.assert_array_equal(one, two)
