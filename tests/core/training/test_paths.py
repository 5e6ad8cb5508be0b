"""Names of variables, beside those of the model that Keras saves."""

import pytest

from core.config import RunConfig
from core.training.model import build_model, network
from core.training.paths import paths as paths_of


@pytest.mark.parametrize("config", [
    RunConfig(), RunConfig(dataset="digits", architecture="resnet"),
    RunConfig(dataset="sine", architecture="transformer"),
    RunConfig(dataset="digits", architecture="rnn", activation="tanh", batch_normalization=True)],
    ids=lambda config: config.name)
def test_paths_are_those_of_keras_own_model(config: RunConfig):
    model = network(config.layers(), config.data.shape, config.data.units, own=False)
    paths = [path for path in paths_of(build_model(config)) if not path.endswith("seed_generator_state")]
    assert paths[-2:] == ["logits/kernel", "logits/bias"] or paths[-1].endswith("moving_variance")
    assert sorted(paths) == sorted(one.path.removeprefix("network/") for one in model.weights)
    trainable = [one.path.removeprefix("network/") for one in model.trainable_variables]
    assert paths[:len(trainable)] == trainable
    assert len(set(paths)) == len(paths)
