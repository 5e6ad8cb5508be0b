"""Presets: one choice fills in all others and says what to look for; the diagnosis comes on request."""

import pytest

from core.runs.config import RunConfig
from core.runs.presets import good_start, presets
from core.studies.learning import LearningCurve
from tests.pages.reading import address, unescaped
from ui.form.permalink import to_params
from ui.session import runs
from ui.session.studies import SECTION

ORDINARY = [name for name in presets() if name != "good"]


def choose(page, name: str | None):
    page.at.selectbox(key="preset").set_value(name)
    return page.run()


@pytest.mark.parametrize("name", ORDINARY)
def test_a_preset_fills_all_choices_and_says_what_to_look_for(open_page, name):
    page = choose(open_page(), name)
    assert address(page) == presets()[name].config
    assert [element.value.replace("\\", "") for element in page.at.info] == [presets()[name].text]


def test_the_good_start_is_that_of_the_chosen_dataset(open_page):
    page = choose(open_page(**to_params(RunConfig(dataset="digits", learning_rate=3.0))), "good")
    assert address(page) == good_start("digits")


def test_the_diagnosis_is_told_when_it_is_asked_for(open_page):
    diagnosis = presets()["rate_10"].diagnosis
    page = choose(open_page(), "rate_10")
    assert diagnosis not in unescaped(page)
    page.at.session_state["preset_diagnosis"] = True
    assert diagnosis in unescaped(page.run())


def test_what_to_look_for_stays_when_choices_are_changed_and_the_page_says_which(open_page):
    page = choose(open_page(), "rate_10")
    assert "Changed since" not in unescaped(page)
    # Another rate than that of before: so soon, that one would be what the browser still says.
    page.at.number_input(key="learning_rate").set_value(0.02)
    page.run()
    assert page.at.info and "Changed since: learning rate." in unescaped(page)
    page.at.selectbox(key="dataset").select("wine")
    page.run()
    assert [element.value.replace("\\", "") for element in page.at.info] == [presets()["rate_10"].text]
    assert "Changed since: dataset, learning rate, epochs." in unescaped(page)


def test_a_class_with_a_task_gets_no_presets(open_page):
    page = open_page(**to_params(RunConfig(), locked=frozenset({"optimizer"})))
    assert "preset" not in {element.key for element in page.at.selectbox}


def test_a_preset_leads_to_its_learning_curve_in_one_click(open_page):
    page = choose(open_page(), "unlabelled")
    page.press("preset_curve")
    owner, driver = page.at.session_state[runs.OWNER], runs.service().studies
    study = driver.studies(owner)[-1]
    driver.stop(owner, study.id)
    config = presets()["unlabelled"].config
    assert study.method == LearningCurve(config) and page.runs[-1].config == config
    assert page.at.session_state[SECTION] == "learning_curve" and page.at.button(key="learning_curve_stop")
