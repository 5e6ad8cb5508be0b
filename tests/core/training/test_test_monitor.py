"""When the test set is looked at while a run trains."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import pytest

from core.datasets.splits import split
from core.runs.config import RunConfig
from core.settings import from_environment
from core.training.plan import Plan
from core.training.program import data_of
from core.training.program_cache import program_for
from core.training.test_monitor import SHARE, TestMonitor

SETTINGS = from_environment({})


@pytest.mark.parametrize("active_runs", [1, 2, 10, 50])
def test_looks_of_a_crowd_take_no_more_than_those_of_two(active_runs):
    config = RunConfig()
    data = split(config.data, config.preparation)
    plan = Plan.of(config, data)
    live = TestMonitor(config, data, program_for(config, plan, data_of(data), SETTINGS))
    live.spent = 1.0
    least = max(1.0, active_runs / 2) / SHARE  # seconds that the run must have taken
    assert not live.due(0.99 * least, active_runs)
    assert live.due(1.01 * least, active_runs)
