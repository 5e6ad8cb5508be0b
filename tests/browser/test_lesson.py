"""A lesson by keyboard alone: the prediction, a sketch on the chart, the run, and on to the challenge."""

import pytest

from core.lessons.reading import lessons

SKETCHED = next((lesson for lesson in lessons().values() if lesson.prediction.curves), None)


def keys(tab, *names: str) -> None:
    for name in names:
        tab.page.keyboard.press(name)


def focus(tab, selector: str) -> None:
    tab.page.locator(selector).first.focus()


def test_a_lesson_by_keyboard_alone(server, new_tab):
    tab = new_tab(width=1280, height=720).open(f"{server.url}/?lesson=learning_rate")
    page = tab.page
    keys(tab, "t")
    page.wait_for_selector(".run-note:text('Make your prediction first.')")
    focus(tab, ".st-key-lesson_prediction input[type=radio]")
    keys(tab, "ArrowDown")  # to the second option, which it chooses
    page.wait_for_selector(".st-key-lesson_prediction input[type=radio][value='1']:checked")
    keys(tab, "Tab", "Space")
    page.wait_for_selector(".st-key-lesson :text('Now press')")
    tab.until("() => document.querySelector('.run-note').textContent === ''")
    keys(tab, "t")
    page.wait_for_selector(".st-key-lesson_onward button")
    assert tab.chips() == 1 and "lesson=learning_rate" in page.url
    focus(tab, ".st-key-lesson_onward button")
    keys(tab, "Enter")
    page.wait_for_selector(".st-key-lesson_check button:enabled")


@pytest.mark.skipif(SKETCHED is None, reason="no lesson asks for a sketch")
def test_curves_are_sketched_by_keyboard_and_stay_behind_the_run(server, new_tab):
    assert SKETCHED is not None
    tab = new_tab(width=1280, height=720).open(f"{server.url}/?lesson={SKETCHED.name}")
    page, curves = tab.page, SKETCHED.prediction.curves
    for number in range(len(curves)):
        if number:
            focus(tab, f".sketch-choices button:nth-child({number + 1})")
            keys(tab, "Enter")
        else:
            focus(tab, ".sketch:not([hidden])")
        keys(tab, "ArrowUp", "ArrowUp", "ArrowRight", "ArrowDown")
    page.wait_for_selector(f".st-key-lesson :text('Drawn: {len(curves)} of {len(curves)}')")
    focus(tab, ".st-key-lesson_prediction input[type=radio]")
    keys(tab, "Space")
    page.wait_for_selector(".st-key-lesson :text('Now press')")
    keys(tab, "t")
    tab.until("document.querySelector('.sketch').hidden")
    tab.until_step(1)
    lines = ("(node) => node.data.filter((one) => one.name?.startsWith('Your sketch'))"
             ".map((one) => one.y.slice(0, 2))")
    tab.chart("loss_curve", "(node) => { node.dispatchEvent(new PointerEvent('pointerenter')) }")
    drawn, top = tab.chart("loss_curve", lines), SKETCHED.prediction.top
    # Half of the axis at first; two twentieths up, then the next one down.
    assert drawn == [pytest.approx([0.6 * top, 0.55 * top], rel=1e-3)] * len(curves)
