"""Home: one screen, and three buttons that open the Playground ready-made."""

import pytest

from ui.form.permalink import from_params


@pytest.fixture
def home(open_page):
    page = open_page()
    page.at.switch_page("pages/home.py")
    return page.run()


def test_it_says_what_this_is_and_offers_three_ways_in(home):
    assert home.at.title[0].value == "Watch a neural network learn"
    assert [element.key for element in home.at.button] == ["open_first", "open_handwriting", "open_rows"]


@pytest.mark.parametrize("button, dataset, architecture, part", [
    ("first", "iris", "mlp", "MLP"), ("handwriting", "mnist", "cnn", "CNN"),
    ("rows", "digits", "rnn", "LSTM")])
def test_a_button_opens_the_playground_ready_made(home, button, dataset, architecture, part):
    home.press(f"open_{button}")
    assert home.at.selectbox(key="dataset").value == dataset
    assert home.at.selectbox(key="architecture").value == architecture
    link = from_params(home.at.query_params)
    assert link.refused is None and part in link.config.name
    assert "train" in home.enabled() and not home.at.warning and not home.at.error
