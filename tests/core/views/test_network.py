"""The picture of a network: what the browser computes from its weights is what Keras computes."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import base64

import keras
import numpy as np
import pytest

from core.catalog.activations import ACTIVATIONS
from core.catalog.architectures import ARCHITECTURES
from core.catalog.layers import entry
from core.charts import decision_regions
from core.datasets import DATASETS, splits
from core.datasets.dataset import Arrays
from core.datasets.divided import Split
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.dense_steps import MOST_WEIGHTS, weight_names, weights_travel
from core.runs.evaluations import Evaluation, ExampleMaps, TriedAnswer
from core.settings import Settings
from core.training.fit import fit
from core.training.live_weights import live_weights
from core.training.model import network as keras_layers
from core.training.program import State
from core.training.summary import summarize
from core.training.weight_paths import paths
from core.views.network import HIDDEN, NO_WEIGHTS, answered, network, network_weights
from tests.conftest import ROOT
from tests.test_static import node

CONFIGS = {
    "iris": RunConfig(dataset="iris", architecture_parameters={"hidden_units": [6, 5]}, activation="gelu",
                      batch_normalization=True, dropout_rate=0.2, epochs=3),
    "moons": RunConfig(dataset="moons", architecture_parameters={"hidden_units": [8, 8]}, activation="tanh",
                       loss="binary_cross_entropy", epochs=3),
    "curve": RunConfig(dataset="curve", architecture_parameters={"hidden_units": [7]}, activation="softplus"),
    "editor": RunConfig(dataset="digits", architecture="custom", architecture_parameters={"layers": [
        entry("Dropout", rate=0.1), entry("Flatten"), entry("BatchNormalization"),
        entry("Dense", units=10, activation="linear"), entry("LayerNormalization"),
        entry("Activation", activation="silu"), entry("GaussianNoise"),
        entry("Dense", units=9, activation="selu")]}),
}

TRAINED = ("iris", "moons")
# Of the network of Iris: a weight, a bias, and the scale of a normalization.
EDITS = [["dense_1/kernel", 7, 2.5], ["logits/bias", 1, -3.0], ["batchnormalization_2/gamma", 4, 0.25]]


def examples(config: RunConfig) -> tuple[Split, Arrays]:
    asked = config.data, config.preparation
    return splits.split(*asked), splits.test_set(*asked)


def evaluation_of(config: RunConfig) -> Evaluation:
    """The last evaluation of a run of `config`."""
    events = list(fit(config, examples(config)[0], ControlsMailbox(Controls()), Settings(1, 1)))
    return [event for event in events if isinstance(event, Evaluation)][-1]


def drawn(config: RunConfig) -> Evaluation:
    random = np.random.default_rng(0)
    model = keras_layers(config.layers(), config.data.shape, config.output_units)
    variables = zip(paths(model), (*model.trainable_variables, *model.non_trainable_variables), strict=True)
    weights = tuple(random.uniform(0.1 if "variance" in path else -0.8, 0.8, one.shape).astype(np.float32)
                    for path, one in variables if "seed" not in path)
    return Evaluation(1, np.zeros((0, 0), int), 0, 0.0, 0.0, False, weights=weights)


def prepared(config: RunConfig) -> np.ndarray:
    found = examples(config)[0]
    return found.x_test.astype(np.float32) * np.float32(found.scale)


@pytest.fixture(scope="module")
def trained() -> dict[str, Evaluation]:
    """Two networks after a few epochs; compiling takes long, so the others have weights drawn at random."""
    return {name: evaluation_of(config) if name in TRAINED else drawn(config)
            for name, config in CONFIGS.items()}


@pytest.fixture(scope="module")
def computed(trained: dict[str, Evaluation]) -> dict[str, Any]:
    """What the browser's scripts make of it, run by Node."""
    program = node()
    if program is None:
        pytest.skip("No Node: pip install -r requirements-dev.txt brings one.")
    asked = {"x": list(np.linspace(-12, 12, 97)), "networks": [
        {"structure": network(config, examples(config)[1]), "frame": network_weights(trained[name])}
        for name, config in CONFIGS.items()]}
    asked["networks"].append({**asked["networks"][0], "edits": EDITS})
    moons = CONFIGS["moons"]
    blank = decision_regions(moons.data, examples(moons)[1], (0, 1), trained["moons"])["traces"][:1]
    blank = [{**blank[0], "z": {**blank[0]["z"], "bdata": ""}}]
    asked["networks"][1]["traces"] = blank
    done = subprocess.run([program, str(ROOT / "tests/static/forward.js")], input=json.dumps(asked),
                          text=True, capture_output=True, timeout=60, check=True)
    answered = json.loads(done.stdout)
    return {"curves": answered["curves"], "x": asked["x"],
            **dict(zip((*CONFIGS, "edited"), answered["computed"], strict=True))}


def keras_network(config: RunConfig, evaluation: Evaluation) -> keras.Model:
    """Keras's own network with the weights of an evaluation; those that travel are all but random seeds."""
    assert evaluation.weights is not None
    model = keras_layers(config.layers(), config.data.shape, config.output_units, own=False)
    order = [variable for variable in (*model.trainable_variables, *model.non_trainable_variables)
             if "seed" not in variable.path]
    for variable, value in zip(order, evaluation.weights, strict=True):
        variable.assign(value)
    return model


def test_every_activation_is_keras_own(computed: dict[str, Any]):
    assert set(computed["curves"]) == set(ACTIVATIONS)
    x = np.array(computed["x"], np.float32)
    for name, curve in computed["curves"].items():
        np.testing.assert_allclose(curve, keras.activations.get(name)(x), rtol=1e-5, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("name", CONFIGS)
def test_units_answers_and_maps_are_those_of_the_keras_model(name: str, trained: dict[str, Evaluation],
                                                            computed: dict[str, Any]):
    config, found = CONFIGS[name], computed[name]
    model, structure = keras_network(config, trained[name]), network(config, examples(config)[1])
    dense = [place for place, layer in enumerate(model.layers) if isinstance(layer, keras.layers.Dense)]
    # A column ends where the next Dense layer begins.
    ends = [model.layers[place - 1] for place in dense[1:]] + [model.layers[-1]]
    inner = keras.Model(model.inputs, [end.output for end in ends])
    x = prepared(config)[:structure["probe"]["count"]]
    expected = [np.asarray(one) for one in inner([x])]
    assert len(found["columns"]) == len(expected) == len(dense)
    for own, keras_own in zip(found["columns"], expected, strict=True):
        np.testing.assert_allclose(np.reshape(own, keras_own.shape), keras_own, rtol=1e-5, atol=1e-5)
    activation = structure["output"]["activation"]
    answers = np.asarray(keras.activations.get(activation)(expected[-1]))
    np.testing.assert_allclose(np.reshape(found["answers"], answers.shape), answers, rtol=1e-5, atol=1e-5)
    if structure["plane"]:
        grid = np.reshape(found["grid"], (-1, len(structure["plane"]["low"]))).astype(np.float32)
        expected_map = np.ravel(model(grid))
        np.testing.assert_allclose(found["map"], expected_map, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", CONFIGS)
def test_weights_have_the_names_and_the_order_that_keras_gives_them(name: str,
                                                                    trained: dict[str, Evaluation]):
    config = CONFIGS[name]
    model = keras_network(config, trained[name])
    assert weight_names(config) == tuple(path for path in paths(model) if "seed" not in path)
    assert trained[name].weights is not None
    assert all(weights.dtype == np.float32 for weights in trained[name].weights)


def test_an_edited_network_answers_what_keras_answers_with_those_weights(trained: dict[str, Evaluation],
                                                                         computed: dict[str, Any]):
    config = CONFIGS["iris"]
    model = keras_network(config, trained["iris"])
    named = dict(zip(paths(model), (*model.trainable_variables, *model.non_trainable_variables), strict=True))
    for path, index, value in EDITS:
        variable = named[path]
        changed = np.array(keras.ops.convert_to_numpy(variable))
        changed.flat[index] = value
        variable.assign(changed)
    count = network(config, examples(config)[1])["probe"]["count"]
    expected = np.asarray(keras.activations.softmax(model(prepared(config)[:count])))
    answers = np.reshape(computed["edited"]["answers"], expected.shape)
    np.testing.assert_allclose(answers, expected, rtol=1e-5, atol=1e-5)
    before = np.reshape(computed["iris"]["answers"], expected.shape)
    assert np.abs(answers - before).max() > 0.05


def test_regions_that_the_browser_paints_are_those_of_the_worker(trained: dict[str, Evaluation],
                                                                 computed: dict[str, Any]):
    config = CONFIGS["moons"]
    theirs = decision_regions(config.data, examples(config)[1], (0, 1), trained["moons"])["traces"][0]
    own, = computed["moons"]["traces"]
    painted, told = (np.frombuffer(base64.b64decode(one["z"]["bdata"]), np.uint8) for one in (own, theirs))
    assert own["z"]["shape"] == theirs["z"]["shape"] and len(np.unique(told)) > 20
    # At the edge of a level, rounding decides.
    assert (painted != told).mean() < 0.005


def test_maps_cover_the_regions_and_start_at_the_upper_left(trained: dict[str, Evaluation],
                                                            computed: dict[str, Any]):
    config = CONFIGS["moons"]
    found, regions = examples(config)[0], trained["moons"].regions
    assert regions is not None and found.mean is not None and found.deviation is not None
    grid = np.reshape(computed["moons"]["grid"], (5, 5, 2)) * found.deviation + found.mean
    np.testing.assert_allclose(grid[0, 0], [regions.low[0], regions.high[1]], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(grid[4, 4], [regions.high[0], regions.low[1]], rtol=1e-4, atol=1e-4)


def test_large_and_other_networks_send_no_weights():
    wide = RunConfig(dataset="iris", architecture_parameters={"hidden_units": [64, 64]})
    images = RunConfig(dataset="digits", architecture="cnn")
    for config in (wide, images):
        assert not weights_travel(config)
        structure = network(config, examples(config)[1])
        assert live_weights(config)(State([np.zeros(1)], [], [])) is None
        assert structure["steps"] == [] and structure["probe"] is None and len(structure["layers"]) > 1
    assert network_weights(None) == NO_WEIGHTS and network(None, None) == HIDDEN


@pytest.mark.parametrize("architecture, inside, words", [
    ("rnn", ["states"], "remember"), ("transformer", ["", "attention"], "each row is one step")])
def test_a_line_says_what_to_look_for_in_a_series(architecture: str, inside: list[str], words: str):
    structure = network(RunConfig(dataset="sine", architecture=architecture), None)
    assert [stage["inside"] for stage in structure["stages"]] == inside and words in structure["note"]


def test_the_structure_is_there_before_the_data_and_counts_what_keras_counts():
    structure = network(CONFIGS["iris"], None)
    assert structure["example"] is None and structure["names"][0] == "sepal length (cm)"
    assert structure["parameters"] == sum(row.parameters for row in summarize(CONFIGS["iris"]))
    assert "6, gelu" in structure["about"] and "output: 3, softmax" in structure["about"]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_is_drawn_before_training_with_shapes_and_counts(name: str):
    dataset = next(one for one in ("mnist", "sentence_polarity", "ratings")
                   if ARCHITECTURES[name].refusal(DATASETS[one].shape) is None)
    config = RunConfig(dataset=dataset, architecture=name, target=ARCHITECTURES[name].target)
    structure = network(config, None)
    drawn = structure["columns"][:-1] or structure["stages"]
    assert all(one["parameters"] >= 0 and structure["layers"][one["entry"]] for one in drawn)
    last = structure["layers"][-1]
    assert last["shape"] == [config.output_units] and last["parameters"] > 0
    assert sum(one["parameters"] for one in structure["layers"]) == structure["parameters"]


def test_a_layer_that_is_several_of_keras_has_the_weights_of_all():
    config = RunConfig(dataset="digits", architecture="custom", architecture_parameters={"layers": [
        entry("Residual", filters=4), entry("Flatten"), entry("Dense", units=8)]})
    counted = [one["parameters"] for one in network(config, None)["layers"]]
    # Kernels 3x3x1x4, 3x3x4x4 and 1x1x1x4; batch normalization has four numbers a channel, three times.
    assert counted == [36 + 144 + 4 + 3 * 16, 0, 2056, 90]
    assert sum(counted) == sum(row.parameters for row in summarize(config))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_not_drawn_as_one(bad: float):
    maps = ExampleMaps(0, np.array([0.5, bad]), ())
    frame = network_weights(Evaluation(1, np.zeros((2, 2), int), 1, bad, 0.5, True, maps=maps))
    assert "no longer a number" in frame["note"] and "answers" not in frame and "stages" not in frame
    told = answered(TriedAnswer(3, 1, maps.answers, maps))
    assert told["answers"] == [0.5, None] and "stages" not in told
    weights = np.array([1, bad]),
    frame = network_weights(Evaluation(1, np.zeros((2, 2), int), 1, bad, 0.5, True, weights=weights))
    assert "no longer a number" in frame["note"] and frame["weights"]


def test_a_frame_and_the_structure_stay_small():
    config = RunConfig(dataset="digits", architecture_parameters={"hidden_units": [16, 16]})
    weights = tuple(np.zeros(1, np.float32) for _ in range(MOST_WEIGHTS))
    frame = network_weights(Evaluation(1, np.zeros((0, 0), int), 0, 0.0, 0.0, False, weights=weights))
    assert len(base64.b64decode(frame["weights"])) == 4 * MOST_WEIGHTS
    assert len(json.dumps(network(config, examples(config)[1]))) < 20_000


def test_the_page_loads_no_keras_for_it():
    import sys
    code = "import core.views.network, sys; print('keras' in sys.modules, 'jax' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=Path(ROOT))
    assert done.stdout.split() == ["False", "False"]


def test_frozen_layers_are_marked():
    start = {"at": 3, "layers": 1, "frozen": 1, "config": {}}
    small = network(RunConfig.from_dict({"start": start}), None)
    assert [one["detail"] for one in small["columns"]] == ["relu, frozen", "relu", "softmax"]
    assert "Dense 16, relu, frozen; Dense 16, relu; output" in small["about"]
    large = network(RunConfig.from_dict({"dataset": "digits", "architecture": "cnn", "start": start}), None)
    assert [one["detail"].endswith("frozen") for one in large["stages"]][:2] == [True, False]


def test_a_window_that_is_given_back_counts_its_steps_as_the_chart_does():
    def named(dataset: str) -> list[str]:
        config = RunConfig(dataset=dataset, architecture="autoencoder", target="input", loss="mse")
        return network(config, splits.test_set(config.data, config.preparation))["output"]["names"]

    assert named("sine") == [f"step {step}" for step in range(1, 11)]
    assert named("iris") == list(RunConfig().data.features)
