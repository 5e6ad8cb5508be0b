"""Schedules in NumPy against Keras's own objects, made by the very text that a script is given."""

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schedules import SCHEDULES, Schedule
from tests.strategies import valid

EVERY_SCHEDULE = pytest.mark.parametrize("entry", SCHEDULES.values(), ids=SCHEDULES)

# (steps an epoch, steps in all): a usual run, one of a single step, of a single epoch, and of full batches.
RUNS = ((3, 21), (1, 1), (7, 7), (1, 13), (3, 6), (1, 2))

SCRIPT = """
import json, sys
import keras
cases = json.load(sys.stdin)
rates = []
for definition, expression, steps_per_epoch, steps in cases:
    names = {"keras": keras, "steps_per_epoch": steps_per_epoch, "steps": steps}
    exec(definition, names)
    schedule = eval(expression, names)
    if callable(schedule):
        again = type(schedule).from_config(schedule.get_config())
        rates.append([float(keras.ops.convert_to_numpy(again(step))) for step in range(steps)])
    else:
        rates.append([schedule] * steps)
json.dump(rates, sys.stdout)
"""


def defaults(entry: Schedule) -> dict[str, Any]:
    return {parameter.name: parameter.default for parameter in entry.parameters}


def by_keras(keras: Any, entry: Schedule, values: dict[str, Any], base: float, run: tuple[int, int],
             steps: np.ndarray) -> np.ndarray:
    """The rates of the exported schedule at some steps, each of which takes Keras some milliseconds."""
    names = {"keras": keras, "steps_per_epoch": run[0], "steps": run[1]}
    exec(entry.definition, names)
    schedule = eval(entry.keras(values, base, *run), names)
    optimizer = keras.optimizers.SGD(schedule)  # takes a number or a schedule
    if isinstance(schedule, float):
        return np.full(len(steps), float(optimizer.learning_rate), np.float32)
    return np.array([schedule(int(step)) for step in steps], np.float32)


def check(entry: Schedule, values: dict[str, Any], base: float, run: tuple[int, int], steps: np.ndarray,
          theirs: Any) -> None:
    own = entry.rate(values, base, steps, *run)
    assert own.dtype == np.float32 and np.isfinite(own).all() and own.min() >= 0
    np.testing.assert_allclose(own, theirs, rtol=2e-5, atol=1e-6 * base)


@EVERY_SCHEDULE
@pytest.mark.parametrize("run", RUNS)
def test_rates_are_those_of_keras_at_every_step(entry: Schedule, run: tuple[int, int]):
    keras = pytest.importorskip("keras")
    # Some steps past the end too, where one_cycle, cosine and their like stay where they are.
    steps = np.arange(run[1] + 3)
    check(entry, defaults(entry), 0.03, run, steps, by_keras(keras, entry, defaults(entry), 0.03, run, steps))


@settings(max_examples=60)
@given(data=st.data(), name=st.sampled_from(list(SCHEDULES)), base=st.floats(1e-5, 10),
       per_epoch=st.integers(1, 6), epochs=st.integers(1, 6))
def test_rates_are_those_of_keras_for_any_parameters(data: st.DataObject, name: str, base: float,
                                                     per_epoch: int, epochs: int):
    keras = pytest.importorskip("keras")
    entry, run = SCHEDULES[name], (per_epoch, per_epoch * epochs)
    values = {parameter.name: data.draw(valid(parameter)) for parameter in entry.parameters}
    steps = np.unique(np.linspace(0, run[1] - 1, 6).astype(int))
    check(entry, values, base, run, steps, by_keras(keras, entry, values, base, run, steps))


@pytest.mark.parametrize("backend, package", [("jax", "jax"), ("numpy", "numpy"), ("torch", "torch"),
                                              ("tensorflow", "tensorflow")])
def test_what_a_script_is_given_stands_alone_on_every_backend(backend: str, package: str):
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    cases = [(entry, run) for entry in SCHEDULES.values() for run in RUNS[:3]]
    told = [(entry.definition, entry.keras(defaults(entry), 0.1, *run), *run) for entry, run in cases]
    done = subprocess.run([sys.executable, "-c", SCRIPT], input=json.dumps(told), capture_output=True,
                          text=True, env=os.environ | {"KERAS_BACKEND": backend})
    assert done.returncode == 0, done.stderr
    for (entry, run), theirs in zip(cases, json.loads(done.stdout), strict=True):
        check(entry, defaults(entry), 0.1, run, np.arange(run[1]), theirs)


@EVERY_SCHEDULE
@given(base=st.floats(1e-5, 1), factor=st.floats(0.1, 10))
def test_a_schedule_is_proportional_to_its_base(entry: Schedule, base: float, factor: float):
    rates = [entry.rate(defaults(entry), one, np.arange(50), 5, 50) for one in (base, base * factor)]
    np.testing.assert_allclose(rates[0] * factor, rates[1], rtol=1e-5)


@EVERY_SCHEDULE
def test_steps_may_be_asked_for_in_any_order_and_shape(entry: Schedule):
    whole = entry.rate(defaults(entry), 0.1, np.arange(100), 10, 100)
    chosen = np.array([99, 0, 50, 50])
    np.testing.assert_array_equal(entry.rate(defaults(entry), 0.1, chosen, 10, 100), whole[chosen])
    assert entry.rate(defaults(entry), 0.1, 3, 10, 100).shape == ()
    assert entry.rate(defaults(entry), 0.1, chosen[:0], 10, 100).shape == (0,)


def test_landmarks():
    """What each help text promises, by hand."""
    def rates(name: str, **values: Any) -> np.ndarray:
        entry = SCHEDULES[name]
        return entry.rate(defaults(entry) | values, 1.0, np.arange(101), 10, 101)

    assert set(rates("constant")) == {1.0}
    np.testing.assert_allclose(rates("step", drop=0.1, every=2)[[0, 19, 20, 39, 40, 60]],
                               [1, 1, 0.1, 0.1, 0.01, 0.001], rtol=1e-5)
    np.testing.assert_allclose(rates("exponential", decay=0.5)[[0, 5, 10, 20]], [1, 0.5 ** 0.5, 0.5, 0.25],
                               rtol=1e-5)
    cosine = SCHEDULES["cosine"].rate({"final": 0.2}, 1.0, [0, 50, 100, 500], 10, 100)
    np.testing.assert_allclose(cosine, [1, 0.6, 0.2, 0.2], rtol=1e-5)
    warm = SCHEDULES["warm_up_cosine"].rate({"warm_up": 0.2, "final": 0.0}, 1.0, [0, 10, 20, 60, 100],
                                            10, 100)
    np.testing.assert_allclose(warm, [0, 0.5, 1, 0.5, 0], atol=1e-6)
    cycle = rates("one_cycle", up=0.4, start_divisor=10.0, end_divisor=100.0)
    np.testing.assert_allclose(cycle[[0, 20, 40, 70, 100]], [0.1, 0.55, 1, 0.505, 0.01], rtol=1e-5)
    assert cycle.argmax() == 40
