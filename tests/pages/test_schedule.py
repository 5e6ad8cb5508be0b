"""The schedule's curve: drawn beside its choices, and in the live panel of a run."""

import numpy as np
import pytest

from core.catalog.schedules import SCHEDULES
from core.datasets.splits import split
from core.runs.config import RunConfig
from ui.form import schedule
from ui.form.permalink import to_params


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_curve_is_drawn_ahead(open_page, name):
    page = open_page(**to_params(RunConfig(schedule=name, epochs=20)))
    page.at.session_state["group_schedule"] = True
    page.run()
    drawn = [element.value for element in page.at.markdown if "Learning rate over epoch" in element.value]
    assert len(drawn) == 1 and "nan" not in drawn[0]


@pytest.mark.parametrize("config", [
    RunConfig(), RunConfig(batch_size=7, validation_share=0.1), RunConfig(training_size=40),
    RunConfig(dataset="digits", batch_size=100), RunConfig(validation_share=0.0)])
def test_the_steps_of_an_epoch_are_foretold(config):
    examples = split(config.data, config.preparation).examples
    assert abs(schedule.expected_steps(config) - int(np.ceil(examples / config.batch_size))) <= 1


def test_a_long_run_is_drawn_by_a_thousand_of_its_steps():
    config = RunConfig(schedule="cosine", epochs=1000, batch_size=1)
    rates = schedule.learning_rates(config, 96)
    assert len(rates) == schedule.MOST_DRAWN
    assert rates[0] == np.float32(config.learning_rate) and rates[-1] < 1e-8
    assert (np.diff(rates) <= 0).all()


def test_the_panel_shows_where_a_run_is_on_its_schedule(open_page):
    config = RunConfig(schedule="exponential", epochs=4)
    page = open_page(**to_params(config)).press("train").until("finished")
    shown = page.parts["schedule_curve"]
    line, here = shown["traces"]
    assert line["y"][0] == pytest.approx(0.01) and here["x"] == [4]
    assert here["y"][0] == pytest.approx(0.01 * 0.95**4, rel=0.02)


def test_a_constant_rate_needs_no_picture_in_the_panel(open_page):
    page = open_page(**to_params(RunConfig(epochs=2))).press("train").until("finished")
    assert page.parts["schedule_curve"]["hidden"]
