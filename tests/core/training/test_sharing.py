"""Runs that differ in their initializers alone share a program, and each begins with weights of its own."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

import core.training.program_cache as programs
from core.catalog.architectures import ARCHITECTURES
from core.catalog.initializers import INITIALIZERS
from core.datasets.splits import split
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.events import Finished
from core.runs.history import History
from core.settings import from_environment
from core.training.fit import fit
from core.training.initial import initial_values
from core.training.model import build_model
from core.training.weight_paths import paths


def trained(config: RunConfig, stopped: bool = False) -> tuple[History, Finished]:
    """A run's history and how it ended. stopped: before its first step, so with its first weights."""
    history = History()
    for event in fit(config, split(config.data, config.preparation),
                     ControlsMailbox(Controls(stopped=stopped)), from_environment({})):
        history.append(event)
    assert history.finished is not None
    return history, history.finished


def named(found: tuple[str, ...]) -> list[str]:
    """Paths; but Keras counts its random states on and on, so that each model has others."""
    return [f"state {place}" if path.endswith("seed_generator_state") else path
            for place, path in enumerate(found)]


def first_values(config: RunConfig) -> dict[str, np.ndarray]:
    model = build_model(config)
    values = [*initial_values(model.trainable_variables, config.seed),
              *initial_values(model.non_trainable_variables, config.seed + 1)]
    return dict(zip(named(paths(model)), values, strict=True))


def everywhere() -> list[RunConfig]:
    """Each architecture on the first dataset that it suits."""
    found = []
    for name in ARCHITECTURES:
        for dataset in ("iris", "digits", "sine", "mnist", "sentence_polarity", "ratings"):
            try:
                found.append(RunConfig(dataset=dataset, architecture=name, target=ARCHITECTURES[name].target))
                break
            except FieldError:
                continue
    assert {one.architecture for one in found} == set(ARCHITECTURES)
    return found


@pytest.mark.parametrize("config", everywhere(), ids=lambda config: config.architecture)
def test_initializers_are_no_part_of_a_program(config: RunConfig):
    usual = first_values(config)
    for name in INITIALIZERS:
        other = config.replaced(initializer=name)
        assert programs.program_key(other) == programs.program_key(config)
        values = first_values(other)
        assert {path: value.shape for path, value in values.items()} == {
            path: one.shape for path, one in usual.items()}
    # The output layer and an embedding have no choice, and each layer of the layer editor has one of its own.
    if config.architecture not in ("softmax", "custom", "embeddings", "factorization"):
        zeros = first_values(config.replaced(initializer="zeros"))
        assert any(usual[path].any() and not zeros[path].any() for path in usual)


@pytest.mark.parametrize("values", [
    {}, {"dataset": "sine", "architecture": "cnn1d", "batch_normalization": True, "dropout_rate": 0.2}],
    ids=["mlp", "cnn1d"])
def test_each_run_begins_with_its_own_weights(values: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    first = RunConfig(initializer="ones", epochs=2, **values)
    second = first.replaced(initializer="he_normal")
    rows = []
    for configs in ((second,), (first, second)):
        monkeypatch.setattr(programs, "_kept", OrderedDict())
        for config in configs:
            finished = trained(config, stopped=True)[1]
            assert finished.weights is not None
            expected = first_values(config)
            assert named(finished.paths) == list(expected)
            for path, weights in zip(expected, finished.weights, strict=True):
                np.testing.assert_array_equal(weights, expected[path], err_msg=path)
        rows.append(trained(second)[0].epochs)
        assert len(programs._kept) == 1
    assert rows[0] == rows[1] and rows[0] != trained(first)[0].epochs
