"""The error by step ahead, with lines worked out by hand."""

import numpy as np
import pytest

from core.charts.steps_ahead import steps_ahead_chart
from core.metrics.network import NetworkAnswers
from core.metrics.steps_ahead import AT_ONCE, AUTOREGRESSION, NAIVE, SEASONAL, STEP_BY_STEP, steps_drawn
from core.metrics.test_report import TestReport
from core.runs.config import RunConfig
from tests.core.known_runs import by_name


def report(horizon: int, steps: int) -> TestReport:
    """A network that says 0 for a noise-free wave."""
    config = RunConfig(dataset="sine", architecture="rnn", dataset_parameters={"horizon": horizon})
    shown = config.data.load()
    tests = -(-config.data.examples // 5)
    nothing = NetworkAnswers(np.zeros((tests, horizon), np.float32), np.ones(tests),
                             np.zeros((tests, steps), np.float32))
    assert steps_drawn(config.data, tests) == steps
    return TestReport(config.data, type(shown)(shown.x[-tests:], shown.y[-tests:]), nothing,
                      config.preparation)


@pytest.mark.parametrize("horizon, steps", [(1, 20), (6, 6)])
def test_errors_of_a_wave_worked_out_by_hand(horizon, steps):
    found = report(horizon, steps)
    ahead = found.steps_ahead
    assert ahead is not None and (AT_ONCE in ahead.errors) == (horizon > 1)
    # The last value that a window knows is before the first of the values asked for.
    first = 1000 - len(found.y) - horizon + 1
    known = np.arange(first, 1000 - steps + 1) - 1
    for step in (1, steps):
        true = np.sin((known + step) / 10)
        simple = {STEP_BY_STEP: 0, NAIVE: np.sin(known / 10), SEASONAL: np.sin((known + step - 63) / 10)}
        for name, told in simple.items():
            assert ahead.errors[name][step - 1] == pytest.approx(np.abs(told - true).mean(), abs=1e-4), name
    # sin(t + 1) is a weighted sum of the two values before it, so least squares is right to the last step.
    assert ahead.errors[AUTOREGRESSION].max() < 1e-3 and ahead.examples == len(known)
    drawn = by_name(steps_ahead_chart(found.dataset, ahead), NAIVE)
    assert drawn["x"] == list(range(1, steps + 1)) and drawn["y"][0] == pytest.approx(0.0637, abs=0.002)
