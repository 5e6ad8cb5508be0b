"""The Search page and the sections for seeds and folds, over a driver that trains nothing."""

import json
from collections.abc import Iterator
from typing import Self

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.config import RunConfig
from core.studies.learning import LearningCurve
from core.studies.methods import METHODS, Searching
from core.studies.repeats import CrossValidation, Seeds
from core.studies.study import Study
from tests.pages.app import App
from tests.pages.reading import address, said
from tests.studies import FakeStudies
from ui.session import runs, studies


class SearchPage(App):
    """The app, opened at its Search page. parts: those of the board."""

    def __init__(self):
        super().__init__()
        self.visit("pages/search.py")
        self.run()

    def choose(self, key: str, value: str) -> Self:
        self.at.selectbox(key=key).select(value)
        return self.run()

    @property
    def studies(self) -> list[Study]:
        return studies.driver().studies(self.at.session_state[runs.OWNER])


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, service: runs.Service) -> Iterator[FakeStudies]:
    made = FakeStudies()
    monkeypatch.setattr(studies, "driver", lambda: made)
    yield made


def test_it_opens_ready_to_start(fake: FakeStudies):
    page = SearchPage()
    assert "64 trainings, 3,840 epochs in all: about" in said(page)
    assert not page.at.button(key="search_start").disabled and page.at.button(key="search_stop").disabled
    assert page.parts["status"]["word"] == "Ready"
    assert page.at.multiselect(key="search_fields").value == [
        "learning_rate", "architecture_parameters.hidden_units"]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_runs_from_the_page(fake: FakeStudies, method: str):
    page = SearchPage().choose("search_method", method).press("search_start")
    study = page.studies[-1]
    assert isinstance(study.method, Searching) and study.method.search.method == method
    assert study.status == "finished" and page.run().parts["status"]["word"] == "Finished"
    assert METHODS[method].help in said(page)


def test_ranges_values_and_numbers_arrive(fake: FakeStudies):
    page = SearchPage()
    page.at.number_input(key="axis_learning_rate_from").set_value(0.001)
    page.at.number_input(key="axis_learning_rate_to").set_value(0.1)
    page.at.text_input(key="axis_architecture_parameters.hidden_units_values").set_value("4, 8-8")
    page.at.number_input(key="search_trials").set_value(7)
    page.run().press("search_start")
    method = page.studies[-1].method
    assert isinstance(method, Searching)
    search = method.search
    assert (search.axes[0].low, search.axes[0].high, search.axes[0].log) == (0.001, 0.1, True)
    assert search.axes[1].values == ((4,), (8, 8)) and search.trials == 7


@pytest.mark.parametrize("text, words", [
    ("16-x", "must be a list"), ("", "at least one"), ("4096", "between")])
def test_values_that_cannot_be_read_are_refused(fake: FakeStudies, text: str, words: str):
    page = SearchPage()
    page.at.text_input(key="axis_architecture_parameters.hidden_units_values").set_value(text)
    page.run()
    assert words in said(page) and page.at.button(key="search_start").disabled


def test_a_search_that_is_too_large_cannot_be_started(fake: FakeStudies):
    page = SearchPage()
    page.at.number_input(key="search_trials").set_value(5000)
    page.run()
    assert "5,000 trainings" in said(page) and page.at.button(key="search_start").disabled


def test_the_best_trial_opens_in_the_playground(fake: FakeStudies):
    page = SearchPage().press("search_start").run()
    study, first = page.studies[-1], page.parts["trials"]["actions"][0]
    page.at.session_state["_search_opened"] = study.members[first].config
    page.run()
    assert address(page) == study.members[first].config


def test_earlier_searches_are_kept_and_can_be_seen(fake: FakeStudies):
    page = SearchPage().press("search_start").choose("search_method", "grid").press("search_start")
    first, second = page.studies
    assert page.at.selectbox(key="search_shown").value == second.id
    page.choose("search_shown", first.id)
    assert len(page.run().parts["trials"]["rows"]) == 10
    assert page.at.selectbox(key="search_shown").value == first.id


def test_another_learner_sees_none_of_it(fake: FakeStudies):
    SearchPage().press("search_start")
    assert SearchPage().studies == []


SECTION = """
import streamlit as st
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.run import Run
from ui.session import runs
from ui.evaluate import {name}
runs.recognize()
{name}.draw(Run("1", "me", RunConfig(dataset="{dataset}", epochs=5), 0, Controls()))
"""


@pytest.mark.parametrize("name, key, kind, count", [
    ("seeds", "seeds", Seeds, 20), ("cross_validation", "folds", CrossValidation, 5),
    ("learning_curve", "learning_curve", LearningCurve, 20)])
@pytest.mark.parametrize("dataset", ["iris", "diabetes", "sine"])
def test_a_section_trains_all_and_shows_them(fake: FakeStudies, name, key, kind, count, dataset):
    at = AppTest.from_string(SECTION.format(name=name, dataset=dataset), default_timeout=60).run()
    if (kind, dataset) == (LearningCurve, "sine"):
        assert "a series follow each other" in str(at.error[0].value)
        return
    at.button(key=f"{key}_start").click().run()
    assert not at.exception
    study = fake.all[-1]
    assert isinstance(study.method, kind) and len(study.members) == count
    assert study.method.config == RunConfig(dataset=dataset, epochs=5)
    at.run()
    told = [json.loads(component.proto.json).get("parts", {}) for component in at.get("bidi_component")]
    assert any("status" in one for one in told)


def test_divisions_of_a_series_are_one(fake: FakeStudies):
    script = SECTION.format(name="cross_validation", dataset="sine")
    at = AppTest.from_string(script, default_timeout=60).run()
    at.number_input(key="folds_repeats").set_value(2).run()
    assert "only one way" in str(at.error[0].value) and at.button(key="folds_start").disabled
