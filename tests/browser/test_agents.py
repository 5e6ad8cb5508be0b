"""Agents in a real browser: a table learns, is paused and stepped, rewound and steered."""

import pytest


@pytest.fixture
def tab(new_tab, server):
    made = new_tab(width=1280, height=720)
    made.page.goto(f"{server.url}/agents")
    made.page.wait_for_selector(".st-key-returns .js-plotly-plot")
    return made


def mean(tab) -> float:
    """The mean return, as the status writes it."""
    return float(tab.page.evaluate("""() => [...document.querySelectorAll(".st-key-status dt")].find(
        (one) => one.textContent === "Mean return").nextElementSibling.textContent""").replace("–", "nan"))


def test_a_table_learns_and_is_watched_stepped_rewound_and_steered(tab):
    page = tab.page
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "it fits a small screen"
    page.select_option(".st-key-pace select", "Full speed")
    page.fill(".st-key-agents_steps input", "2000000")
    page.keyboard.press("Enter")
    tab.press("train")
    tab.until("() => Number(document.querySelector('.st-key-returns').dataset.updates) > 1")
    page.evaluate("window.node = document.querySelector('.st-key-returns .main-svg')")
    tab.until("() => document.querySelector('.live-sentence').textContent.includes('shortest possible')")
    page.keyboard.press("p")
    tab.until_status("paused")
    learned = mean(tab)
    assert learned > 0, "the way to the goal gives 0.74, a hundred steps that lead nowhere -2"

    step = tab.number("Step")
    page.keyboard.press("n")
    tab.until_step(step + 1)
    assert tab.number("Step") == step + 1

    page.locator(".run-slider").focus()
    page.keyboard.press("Home")
    tab.until_status("rewound")
    assert tab.number("Step") < step and not mean(tab) > learned
    assert page.evaluate("window.node.isConnected"), "the chart is the one that was there first"

    page.fill(".st-key-agents_epsilon input", "1")
    page.keyboard.press("Enter")
    tab.press("resume")
    tab.until("() => document.querySelector('.live-line').textContent.includes('epsilon 1')")
    tab.until_step(int(step) + 20_000)
    assert mean(tab) < learned - 0.5, "an agent that only tries things out walks into pits"
    assert tab.page.locator(".run-note").inner_text() == "", "it is still the run of these settings"


def test_the_learner_draws_a_board_and_plays_on_it(tab):
    page = tab.page
    page.get_by_text("Draw the board").click()
    board = page.locator(".board-view canvas")
    board.wait_for()
    box = board.bounding_box()
    board.click(position={"x": 1.5 * box["width"] / 8, "y": 0.5 * box["height"] / 8})
    tab.until("() => new URLSearchParams(location.search).get('environment.board')?.startsWith('S#')")

    page.get_by_role("button", name="Play yourself").click()
    for key in ("ArrowRight", "ArrowDown", "t"):
        page.keyboard.press(key)
    tab.until("() => document.querySelector('.agents-said').textContent === 'You −0.04.'")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Play yourself"
    assert page.inner_text(".live-word") == "Ready", "no key of the game pressed a button of the page"
