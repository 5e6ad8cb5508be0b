"""The tour by keyboard alone: its card covers nothing that it speaks of, and it is remembered."""

import pytest

from core.lessons.tour import CARDS

# What the ring is around, the card, and what has the focus.
SEEN = """() => {
  const named = [...document.querySelectorAll("[class*=st-key-], [data-testid=stTopNavLink]")]
  const ringed = named.filter((node) => {
    const {outlineWidth, outlineStyle} = getComputedStyle(node)
    return outlineWidth === "3px" && outlineStyle === "solid"
  })
  const box = ({left, top, right, bottom}) => [left, top, right, bottom]
  const card = document.querySelector(".tour-card")
  return {rings: ringed.map((node) => box(node.getBoundingClientRect())),
    card: box(card.getBoundingClientRect()), wide: document.documentElement.scrollWidth,
    next: document.activeElement === card.querySelector(".tour-next")}
}"""
AT = "(at) => document.querySelector('.tour-card:popover-open .tour-count')?.textContent === at"
CLOSED = "() => !document.querySelector('.tour-card:popover-open')"
DONE = "() => document.querySelector('.tour-state.done')"
SETTLED = """() => {
  if (document.querySelector("[data-testid=stApp]").dataset.testScriptState !== "notRunning") return false
  const told = JSON.stringify([document.querySelector(".tour-card").getBoundingClientRect(), scrollY,
    document.querySelector("[data-testid=stSidebar]").getBoundingClientRect()])
  const same = window.tourTold === told
  window.tourTold = told
  return same
}"""


def until_card(tab, number: int) -> None:
    """Wait for the card, and until nothing moves any more: on a telephone the sidebar comes and goes.

    Some cards have the script fill the sidebar. What is chosen before it has done so is filled over.
    """
    tab.until(AT, f"{number + 1} of {len(CARDS)}")
    if tab.page.viewport_size["width"] < 640:
        tab.page.wait_for_timeout(600)
    tab.page.wait_for_function(SETTLED, polling=200)


def check_card(tab, number: int, width: int, height: int) -> None:
    seen, name = tab.page.evaluate(SEEN), CARDS[number].name
    left, top, right, bottom = seen["card"]
    assert 0 <= left < right <= width and 0 <= top < bottom <= height, (name, seen)
    assert seen["wide"] <= width, name
    for ring in seen["rings"]:
        apart = ring[0] >= right or ring[2] <= left or ring[1] >= bottom or ring[3] <= top
        assert apart, (name, seen)
        assert ring[0] >= 0 and ring[1] >= 0 and ring[3] <= height, (name, seen)
    # On a telephone, the names of the pages are in the closed sidebar.
    assert len(seen["rings"]) == (0 if width < 640 and CARDS[number].at == ("learn",) else 1), (name, seen)
    assert seen["next"], name


def walk(tab, first: int, last: int, width: int, height: int) -> None:
    for number in range(first, last):
        until_card(tab, number)
        check_card(tab, number, width, height)
        tab.page.keyboard.press("Enter")


@pytest.mark.timeout(600)
def test_the_tour_by_keyboard_alone(server, new_tab):
    tab = new_tab(width=1280, height=720).open(f"{server.url}/?dataset=xor&epochs=7")
    page, keys = tab.page, tab.page.keyboard
    page.locator(".tour-start").wait_for()
    page.locator(".tour-start").focus()
    keys.press("Enter")
    until_card(tab, 0)
    assert "dataset=iris" in page.url, "it opens with Iris"
    keys.press("Enter")
    until_card(tab, 1)
    check_card(tab, 1, 1280, 720)
    keys.press("t")
    tab.until(DONE)
    page.reload()
    tab.ready()
    walk(tab, 1, 4, 1280, 720)
    until_card(tab, 4)
    page.locator(".st-key-predictions .live-chart").focus()
    keys.press("ArrowRight")
    tab.until(DONE)
    keys.press("j")
    check_card(tab, 4, 1280, 720)
    keys.press("Escape")
    tab.until(CLOSED)
    assert page.evaluate("document.activeElement.closest('.run-bar') !== null")
    page.goto(f"{server.url}/learn")
    page.get_by_role("link", name="Go on with the tour at step 5").focus()
    keys.press("Enter")
    tab.ready()
    data = [card.name for card in CARDS].index("data")
    walk(tab, 4, data, 1280, 720)
    until_card(tab, data)
    page.locator(".st-key-dataset [role=combobox]").focus()
    keys.press("ArrowDown")
    keys.type("Moons")
    keys.press("Enter")
    tab.until(DONE)
    keys.press("j")
    walk(tab, data, len(CARDS), 1280, 720)
    tab.until(CLOSED)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/?tour=1")
    tab.ready()
    bigger = [card.name for card in CARDS].index("bigger")
    walk(tab, 0, bigger, 390, 844)
    until_card(tab, bigger)
    page.locator(".st-key-mlp_hidden_units_add button:visible").click()
    tab.until(DONE)
    page.locator(".st-key-train button").click(trial=True)  # neither the sidebar nor the card covers it
    page.locator(".tour-next").click()
    walk(tab, bigger + 1, len(CARDS), 390, 844)
    tab.until(CLOSED)


def test_who_does_not_want_it_is_asked_once_and_keeps_the_settings(server, new_tab):
    tab = new_tab(width=1280, height=720).open(f"{server.url}/?dataset=xor&epochs=7")
    page = tab.page
    page.locator(".tour-start").click()
    until_card(tab, 0)
    page.keyboard.press("Escape")
    page.wait_for_url("**dataset=xor**epochs=7**")
    page.reload()
    tab.ready()
    page.locator(".live-coach-line").wait_for()
    assert page.locator(".tour-start").is_hidden()
