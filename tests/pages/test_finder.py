"""The learning-rate finder on the page: asked for by a click, adopted by another."""

from dataclasses import replace

import numpy as np

from core.config import RunConfig
from core.results import FoundRates
from tests.pages.test_playground import address, said
from ui import finder, runs
from ui.permalink import to_params


def buttons(page) -> set[str]:
    return {one.key for one in page.at.button}


def test_a_rate_is_found_and_adopted(open_page):
    config = RunConfig(learning_rate=0.5, epochs=5)
    page = open_page(**to_params(config))
    assert "use_rate" not in buttons(page)
    page.press("find_rate")
    page.until(lambda: "use_rate" in buttons(page))
    found = runs.service().jobs.found_rates(config)
    assert isinstance(found, FoundRates) and found.suggestion is not None
    assert any("Loss over learning rate" in one.value for one in page.at.markdown)
    page.press("use_rate")
    adopted = address(page).learning_rate
    assert adopted == found.suggestion
    assert page.at.number_input(key="learning_rate").value == adopted
    assert "use_rate" in buttons(page), "the curve stays: only the rate itself has changed"
    page.at.selectbox(key="optimizer").select("sgd")
    page.run()
    assert "use_rate" not in buttons(page), "it was found for another optimizer"


def test_it_says_so_where_nothing_falls(open_page):
    """A network of zeros learns nothing but the shares of the classes, which are all the same."""
    page = open_page(**to_params(RunConfig(initializer="zeros"))).press("find_rate")
    page.until(lambda: "No suggestion" in said(page))
    assert "use_rate" not in buttons(page)


def test_it_says_in_words_that_it_is_not_sure():
    found = FoundRates(np.array([0.1]), np.array([1.0]), 0.02, np.array([0.001, 0.02, 0.5]), np.ones(3),
                       "The first weights matter as much as the rate here.", share=0.25)
    words = finder.said(found, "validation loss")
    assert "Not sure: the first weights matter" in words and "0.02 did best" in words
    assert "3 rates from 0.001 to 0.5 for the first 25 % of a run" in words
    sure = finder.said(replace(found, doubt="", share=1.0), "training loss")
    assert "Not sure" not in sure and "0.02 ended with a low training loss" in sure


def test_a_locked_rate_is_not_looked_for(open_page):
    page = open_page(**to_params(RunConfig(), locked=frozenset({"learning_rate"})))
    assert page.at.button(key="find_rate").disabled
    page = open_page(**to_params(RunConfig(), hidden=frozenset({"learning_rate"})))
    assert "find_rate" not in buttons(page)
