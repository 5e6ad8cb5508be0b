"""Charts of learning rates: a schedule drawn ahead, and the search for one."""

import json

import numpy as np
import pytest

from core.charts import ScheduleCurve, schedule_curve
from core.datasets import DATASETS
from core.runs.events import Progress
from core.views.run_panel import RunPanel, message
from tests.core.known_runs import a_run, by_name

COSINE = 0.01 * (1 + np.cos(np.pi * np.arange(1000) / 1000)) / 2


def test_schedule_is_drawn_over_epochs_with_the_position_on_it():
    figure = schedule_curve(COSINE, 5.03, 100.0)
    line, here = by_name(figure, "schedule"), by_name(figure, "now")
    assert line["x"][0] == 0 and line["x"][-1] == 9.99 and len(line["x"]) <= 300
    assert line["y"] == pytest.approx(np.interp(line["x"], np.arange(1000) / 100, COSINE), abs=1e-5)
    assert here["x"] == [5.03] and here["y"] == [pytest.approx(COSINE[503], rel=1e-3)]
    assert figure["note"] == f"Now {COSINE[503]:.3g}"
    assert "now" not in [trace["name"] for trace in schedule_curve(COSINE)["traces"]]


def test_at_its_end_a_run_stands_on_the_last_rate():
    assert by_name(schedule_curve(COSINE, 10.0, 100.0), "now")["y"] == [float(f"{COSINE[-1]:.4g}")]


@pytest.mark.parametrize("rates, log", [(COSINE, False), (np.geomspace(1, 0.2, 50), False),
                                        (np.geomspace(1, 1e-3, 50), True), (np.zeros(5), False)])
def test_schedule_is_logarithmic_where_much_of_it_is_decades_below(rates, log):
    axis = schedule_curve(rates)["layout"]["yaxis"]
    assert (axis.get("type") == "log") == log
    if log:
        low, high = axis["range"]
        assert low <= np.log10(rates.min()) and high >= np.log10(rates.max())


def test_a_schedule_that_ends_at_nothing_stays_readable():
    rates = np.append(np.geomspace(1, 1e-9, 50), 0.0)
    figure = schedule_curve(rates, 50.0)
    assert figure["layout"]["yaxis"]["range"][0] > -5
    json.dumps(figure, allow_nan=False)


def test_no_schedule_is_a_word():
    assert schedule_curve(np.zeros(0))["layout"]["annotations"][0]["text"]


def test_panel_has_it_only_where_there_is_something_to_show():
    data, run = DATASETS["iris"], a_run(3)
    plain, held = message(RunPanel(data, run), {})
    assert plain["schedule_curve"]["content"]["hidden"]
    view = RunPanel(data, run, schedule=ScheduleCurve(COSINE, 4.0, "cosine"))
    told, held = message(view, held)
    assert {name for name, part in told.items() if "content" in part} == {"schedule_curve"}
    run.history.append(Progress(16, 4, 0.25, 0.5, 0.4, 384))
    told, _ = message(view, held)
    assert by_name(told["schedule_curve"]["content"], "now")["x"] == [4]
