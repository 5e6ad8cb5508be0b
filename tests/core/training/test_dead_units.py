"""Dead units, against a network whose units are known to be dead."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import numpy as np
import pytest

from core.datasets.splits import split
from core.runs.config import RunConfig
from core.settings import from_environment
from core.training.plan import Plan
from core.training.program import data_of
from core.training.program_cache import program_for
from core.training.test_monitor import TestMonitor

SETTINGS = from_environment({})


@pytest.mark.parametrize("config, killed", [
    (RunConfig(architecture_parameters={"hidden_units": (8, 4)}), 3),
    (RunConfig(dataset="digits", architecture="cnn", architecture_parameters={
        "filters": (8,), "dense_units": (4,)}), 5)])
def test_units_that_cannot_answer_are_dead(config, killed):
    data = split(config.data, config.preparation)
    plan = Plan.of(config, data)
    program = program_for(config, plan, data_of(data), SETTINGS)
    state, live = program.initial_state(0, program.model), TestMonitor(config, data, program)
    before = live.complete(state, 0, (0, 1), lambda: False).dead_share
    kernel, bias = state.trainable[:2]
    kernel[..., :killed], bias[:killed] = 0, -1
    after = live.complete(state, 0, (0, 1), lambda: False).dead_share
    assert before is not None and after is not None and before < after and killed / 12 <= after + 1e-9
    kernel[...], bias[...] = 0, 1
    state.trainable[2][...], state.trainable[3][...] = 0, 1
    assert live.complete(state, 0, (0, 1), lambda: False).dead_share == 0.0


def test_a_network_without_relu_has_no_share():
    config = RunConfig(activation="tanh")
    data = split(config.data, config.preparation)
    program = program_for(config, Plan.of(config, data), data_of(data), SETTINGS)
    live = TestMonitor(config, data, program)
    seen = live.complete(program.initial_state(0, program.model), 0, (0, 1), lambda: False)
    assert seen.dead_share is None and np.isfinite(seen.loss)
