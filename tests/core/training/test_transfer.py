"""Layers taken over from a start and frozen: against Keras's `trainable = False`, and to the last bit."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.history import History
from core.runs.program_key import program_key
from core.settings import from_environment
from core.training.fit import fit
from core.training.initial import initial_values
from core.training.model import build_model, keras_model
from core.training.plan import Plan
from core.training.program import data_of
from core.training.program_cache import program_for
from core.training.weight_paths import paths
from tests.core.training.reference import keras_batch, keras_compiled

SETTINGS = from_environment({})
# What could move a frozen weight: penalties, momentum, and normalization's running statistics.
MOONS: dict[str, Any] = {
    "dataset": "moons", "architecture_parameters": {"hidden_units": (8, 6)}, "batch_normalization": True,
    "l2": 0.01, "optimizer": "sgd_momentum", "learning_rate": 0.03, "epochs": 2, "batch_size": 48, "seed": 5}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache without any starts."""
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path))


def transferred(**start: Any) -> RunConfig:
    """A run on circles that takes over layers of one on moons: inputs of the same shape, other classes."""
    config = {"dataset": "moons", "epochs": 4, "seed": 1, "dataset_parameters": {"count": 200}}
    return RunConfig.from_dict(MOONS | {"dataset": "circles",
                                        "start": {"config": config, "at": "kept", **start}})


def trained(config: RunConfig) -> dict[str, np.ndarray]:
    history = History()
    for event in fit(config, split(config.data, config.preparation), ControlsMailbox(), SETTINGS):
        history.append(event)
    return dict(zip(history.finished.paths, history.finished.weights or (), strict=True))


def first(config: RunConfig) -> dict[str, np.ndarray]:
    """The weights that the run would begin with if it had no start."""
    model = build_model(config)
    return dict(zip(paths(model), [*initial_values(model.trainable_variables, config.seed),
                                   *initial_values(model.non_trainable_variables, config.seed + 1)],
                    strict=True))


def by_keras(config: RunConfig, given: dict[str, np.ndarray], names: list[str],
             frozen: list[str]) -> dict[str, np.ndarray]:
    """The same with Keras's own layers and `train_on_batch`: layers `names` from `given`, some frozen."""
    data, model = split(config.data, config.preparation), keras_compiled(config, ["accuracy"])
    plan, step = Plan.of(config, data), 0
    for variable in model.variables:
        path = variable.path.removeprefix(f"{model.name}/")
        if path.partition("/")[0] in names:
            variable.assign(given[path])
    for name in frozen:
        model.get_layer(name).trainable = False
    for epoch in range(config.epochs):
        order = plan.order(config.seed, epoch)[0][:plan.examples]
        for step in range(plan.steps):
            batch = order[step * plan.batch_size:(step + 1) * plan.batch_size]
            model.train_on_batch(*keras_batch(config, data, batch))
    return {variable.path.removeprefix(f"{model.name}/"): np.asarray(variable)
            for variable in model.variables}


HIDDEN = ["dense_1", "batchnormalization_1", "dense_2", "batchnormalization_2"]


@pytest.mark.parametrize("layers, frozen", [("all", 2), (2, "none")])
def test_layers_are_taken_over_and_frozen_as_in_keras(layers: int | str, frozen: int | str):
    config = transferred(layers=layers, frozen=frozen)
    given, names = trained(config.start.config), HIDDEN[:layers if isinstance(layers, int) else 4]
    kept = names[:frozen if isinstance(frozen, int) else 0]
    mine, theirs = trained(config), by_keras(config, given, names, kept)
    assert set(mine) == set(theirs)
    for path, value in mine.items():
        if path.partition("/")[0] in kept:
            np.testing.assert_array_equal(value, given[path], err_msg=path)
        else:
            assert not np.array_equal(value, given[path]), path
        np.testing.assert_allclose(value, theirs[path], atol=1e-5, err_msg=path)


def test_what_is_not_taken_over_is_drawn_from_the_seed():
    config = transferred(layers=2).replaced(learning_rate=1e-5, epochs=1)
    given, new, mine = trained(config.start.config), first(config), trained(config)
    for path in ("dense_1/kernel", "batchnormalization_1/gamma"):
        np.testing.assert_allclose(mine[path], given[path], atol=1e-3)
    for path in ("dense_2/kernel", "logits/kernel"):
        np.testing.assert_allclose(mine[path], new[path], atol=1e-3)


def test_layers_taken_over_learn_at_a_lower_rate(monkeypatch: pytest.MonkeyPatch):
    config = transferred(layers=2, rate_factor=0.1)
    given = trained(config.start.config)

    class Slower(keras.optimizers.SGD):
        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            slow = variable.path.split("/")[-2] in HIDDEN[:2]
            super().update_step(gradient, variable, learning_rate * (0.1 if slow else 1.0))

    monkeypatch.setattr(keras.optimizers, "SGD", Slower)
    theirs = by_keras(config, given, HIDDEN[:2], [])
    monkeypatch.undo()
    for path, value in trained(config).items():
        np.testing.assert_allclose(value, theirs[path], atol=1e-5, err_msg=path)


def test_the_encoder_of_an_autoencoder_is_a_start_for_a_classifier():
    start = {"target": "input", "architecture": "autoencoder", "epochs": 2, "normal": ["3", "5"],
             "architecture_parameters": {"hidden_units": (16,), "code": 4}}
    config = RunConfig.from_dict({
        "dataset": "digits", "architecture_parameters": {"hidden_units": (16, 4)}, "training_size": 200,
        "epochs": 1, "start": {"at": "kept", "layers": 2, "frozen": 2, "config": start}})
    assert config.start is not None
    before, after = trained(config.start.config), trained(config)
    for name in ("dense_1/kernel", "dense_2/bias"):
        np.testing.assert_array_equal(after[name], before[name])
    assert after["logits/kernel"].shape == (4, 10)
    inner, outer = (split(one.data, one.preparation) for one in (config.start.config, config))
    np.testing.assert_array_equal(inner.x_test, outer.x_test)


def test_only_what_is_frozen_is_part_of_the_program():
    config, key = transferred(frozen=2), program_key(transferred(frozen=2))
    for changes in ({"at": 3}, {"layers": 3}, {"learning_rates": [[1, 0.5]]},
                    {"edits": [["dense_1/kernel", 0, 1.0]]},
                    {"config": {"dataset": "moons", "seed": 9, "epochs": 3}}):
        assert program_key(transferred(**{"frozen": 2} | changes)) == key, changes
    assert program_key(transferred(frozen=2, rate_factor=0.5)) == program_key(
        transferred(frozen=2, rate_factor=0.1, layers=3)) != key
    assert program_key(transferred()) == program_key(config.replaced(start=None)) != key
    data = split(config.data, config.preparation)
    plan = Plan.of(config, data)
    whole, part = (program_for(one, plan, data_of(data), SETTINGS).initial_state(0, build_model(one))
                   for one in (config.replaced(start=None), config))
    sizes = [sum(np.size(value) for value in state.optimizer) for state in (whole, part)]
    assert sizes[0] - sizes[1] == 2 * 8 + 8 + 8 + 8, "a frozen layer has no place in the optimizer"


def test_weight_decay_leaves_frozen_layers_alone_and_a_saved_model_has_them_frozen():
    config = transferred(frozen=2).replaced(optimizer="adamw", optimizer_parameters={"weight_decay": 0.1})
    given, weights = trained(config.start.config), trained(config)
    for path, value in weights.items():
        assert np.array_equal(value, given[path]) == (path.partition("/")[0] in HIDDEN[:2]), path
    model = keras_model(config, list(weights.values()))
    assert [layer.name for layer in model.layers if layer.weights and not layer.trainable] == HIDDEN[:2]
    assert model.layers[0].kernel.path.endswith("dense_1/kernel")
    np.testing.assert_array_equal(np.asarray(model.layers[0].kernel), weights["dense_1/kernel"])


def test_a_run_goes_on_with_what_was_frozen():
    """In two halves as in one, to the last bit."""
    config = transferred(frozen=2)
    half = config.replaced(epochs=1)
    rest = half.replaced(start={"config": half.to_dict(), "at": "kept", "frozen": 2})
    assert rest.start.goes_on(rest) and rest.preparation == config.preparation
    whole = trained(config)
    for path, value in trained(rest).items():
        np.testing.assert_array_equal(value, whole[path], err_msg=path)
