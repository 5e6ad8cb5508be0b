"""Presses act over the stream, in the order in which a learner chooses and presses."""

import pytest

from core.runs.config import RunConfig
from tests.browser.test_stream import SCRIPTS

LONG = RunConfig(epochs=1000)
ROUNDS = 4


def test_no_press_of_the_run_bar_runs_the_script(open_tab):
    tab = open_tab(LONG)
    tab.page.wait_for_timeout(1500)  # the page settles
    tab.page.evaluate(SCRIPTS)
    tab.press("train")
    tab.until_step(3)
    tab.press("pause")
    tab.until_status("paused")
    # At full speed a thousand epochs can be over before the press of Stop.
    tab.page.select_option(".st-key-pace select", "100 epochs/s")
    step = int(tab.number("Step"))
    tab.press("step")
    tab.until_step(step + 1)
    tab.press("resume")
    tab.until_step(step + 10)
    tab.press("stop")
    tab.until_status("stopped")
    tab.press("reset")
    tab.until_status("paused")
    tab.press("continue")
    tab.until("() => document.querySelectorAll('.live-runs .live-chip').length === 3")
    tab.until_step(3)
    assert tab.page.evaluate("window.scripts") == 0


def select(page, number: int) -> str:
    page.locator(".st-key-activation input").click()
    name = ("tanh", "relu")[number % 2]
    page.get_by_role("option", name=name, exact=True).click()
    return name


def slider(page, number: int) -> str:
    thumb = page.locator(".st-key-learning_rate_scale input[type=range]")
    thumb.press(("ArrowRight", "ArrowLeft")[number % 2])
    return ("0.02", "0.01")[number % 2]


def number(page, number: int) -> str:
    box = page.locator(".st-key-mlp_hidden_units_1 input")
    box.fill(str(20 + number))
    box.press("Enter")
    return f"{20 + number}-"


@pytest.mark.parametrize("choose, by_key", [(select, False), (slider, False), (number, True)])
def test_a_press_right_after_a_choice_trains_that_choice(open_tab, choose, by_key):
    tab = open_tab(RunConfig(epochs=1))
    for round_ in range(ROUNDS):
        chips = tab.chips()
        words = choose(tab.page, round_)
        if by_key:
            tab.page.keyboard.press("t")
        else:
            tab.page.click(".st-key-train button")
        tab.until("(before) => document.querySelectorAll('.live-runs .live-chip').length > before "
                  "|| document.querySelectorAll('.live-runs .live-chip').length === 8", chips)
        tab.until_status("finished")
        name = tab.page.locator(".live-chip.shown .live-show").get_attribute("title")
        assert words in name, f"round {round_}"
