"""Home: what this is in a sentence, and three doors."""

import pytest

from ui.form.permalink import from_params


@pytest.fixture
def home(open_page):
    page = open_page()
    page.visit("pages/home.py")
    return page.run()


def test_it_says_what_this_is_and_has_three_doors(home):
    assert home.at.title[0].value == "Watch a neural network learn"
    assert [element.key for element in home.at.button] == ["open_try", "open_learn", "open_teachers"]


def test_the_first_door_opens_the_stage_ready_made(home):
    home.press("open_try")
    assert home.at.selectbox(key="dataset").value == "iris"
    assert home.at.selectbox(key="architecture").value == "mlp"
    link = from_params(home.at.query_params)
    assert link.refused is None and "MLP" in link.config.name
    assert "train" in home.enabled() and not home.at.warning and not home.at.error


@pytest.mark.parametrize("button, section", [("learn", None), ("teachers", "teachers")])
def test_the_other_doors_open_learn(home, button: str, section: str | None):
    home.press(f"open_{button}")
    assert home.at.header[0].value == "Learn"
    chosen = home.at.session_state["learn_section"]
    assert section is None or chosen == section
