"""The learning-rate finder on the page: asked for by a click, adopted by another."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from core.cluster.messages import Underway
from core.runs.answers import FinderProgress, FoundRates
from core.runs.config import RunConfig
from tests.pages.reading import address, said
from ui.form import lr_finder
from ui.form.permalink import to_params
from ui.session import runs


def buttons(page) -> set[str]:
    return {element.key for element in page.at.button}


def test_a_rate_is_found_and_adopted(open_page):
    config = RunConfig(learning_rate=0.5, epochs=5)
    page = open_page(**to_params(config))
    assert "use_rate" not in buttons(page)
    page.press("find_rate")
    page.until(lambda: "use_rate" in buttons(page))
    found = runs.service().run_service.questions.found_rates(page.at.session_state[runs.OWNER], config)
    assert isinstance(found, FoundRates) and found.suggestion is not None
    assert any("Loss over learning rate" in element.value for element in page.at.markdown)
    page.press("use_rate")
    adopted = address(page).learning_rate
    assert adopted == found.suggestion
    assert page.at.number_input(key="learning_rate").value == adopted
    assert "use_rate" in buttons(page), "the curve stays: only the rate itself has changed"
    page.at.selectbox(key="optimizer").select("sgd")
    page.run()
    assert "use_rate" not in buttons(page), "it was found for another optimizer"


def test_a_search_says_how_far_it_is_and_is_cancelled(open_page, monkeypatch):
    config, ended = RunConfig(seed=77), []
    page, questions = open_page(**to_params(config)), runs.service().run_service.questions
    monkeypatch.setattr(questions._long, "_ask", lambda *request_id: SimpleNamespace(status="pending"))
    monkeypatch.setattr(questions._long, "_end", lambda request_id, future: ended.append(request_id))
    page.press("find_rate").until(lambda: "cancel_rate" in buttons(page))
    assert page.at.button(key="find_rate").disabled
    assert bar(page) == ("Waiting for a free worker", 0)
    request_id = next(iter(questions._long._lines.values())).request_id
    questions.take(Underway(request_id, FinderProgress(3, 29, 0.016, 0.08)))
    page.run()
    assert bar(page) == ("Training 3 of 29, rate 0.016", 8)
    page.press("cancel_rate").run()
    assert "cancel_rate" not in buttons(page) and ended == [request_id]
    page.press("find_rate")
    page.at.selectbox(key="optimizer").select("sgd")
    page.run()
    assert "cancel_rate" not in buttons(page) and len(ended) == 2, "it was for another optimizer"


def bar(page) -> tuple[str, int]:
    """What the bar of the search says, and percent."""
    found = page.at.sidebar.get("progress")[0].proto
    return found.text, found.value


@pytest.mark.parametrize("progress, words", [
    (None, "Waiting for a free worker"), (2, "Number 2 in the queue"),
    (FinderProgress(), "Compiling the network"), (FinderProgress(0, 29), "Sweep"),
    (FinderProgress(0, 29, 0.00123), "Sweep, rate 0.0012")])
def test_a_search_says_in_words_what_it_does(progress, words):
    assert lr_finder.waiting_words(progress) == words


def test_it_says_so_where_nothing_falls(open_page):
    """A network of zeros learns nothing but the shares of the classes, which are all the same."""
    page = open_page(**to_params(RunConfig(initializer="zeros"))).press("find_rate")
    page.until(lambda: "No suggestion" in said(page))
    assert "use_rate" not in buttons(page)


def test_it_says_in_words_that_it_is_not_sure():
    found = FoundRates(np.array([0.1]), np.array([1.0]), 0.02, np.array([0.001, 0.02, 0.5]), np.ones(3),
                       "The initial weights matter as much as the rate here.", share=0.25)
    words = lr_finder.said(found, "validation loss")
    assert "Not sure: the initial weights matter" in words and "0.02 did best" in words
    assert "3 rates from 0.001 to 0.5 for the first 25 % of a run" in words
    sure = lr_finder.said(replace(found, doubt="", share=1.0), "training loss")
    assert "Not sure" not in sure and "0.02 ended with a low training loss" in sure


def test_a_locked_rate_is_not_looked_for(open_page):
    page = open_page(**to_params(RunConfig(), locked=frozenset({"learning_rate"})))
    assert page.at.button(key="find_rate").disabled
    page = open_page(**to_params(RunConfig(), hidden=frozenset({"learning_rate"})))
    assert "find_rate" not in buttons(page)
