"""The stage at 1280 x 720: everything to watch is in view at once, nothing lies over anything else."""

import itertools
from urllib.parse import urlencode

from core.runs.config import RunConfig
from ui.form.permalink import to_params

CARDS = ("network", "loss_curve", "accuracy_curve", "confusion_matrix", "predictions")
RUNS = {"Iris": RunConfig(epochs=3),
        "Digits CNN": RunConfig(dataset="digits", architecture="cnn", epochs=1,
                                architecture_parameters={"filters": (4,), "dense_units": (8,)}),
        "Diabetes": RunConfig(dataset="diabetes", epochs=3), "Sine": RunConfig(dataset="sine", epochs=1)}
# Boxes by name: left, top, right, bottom. Without a stream, the buttons are Streamlit's.
BOXES = """(names) => Object.fromEntries(names.map((name) => {
  const bar = ".st-key-run_bar, .st-key-actions:has(.st-key-train)"
  const chosen = name === "run_bar" ? bar : `.st-key-${name}`
  const {left, top, right, bottom, height} = document.querySelector(chosen).getBoundingClientRect()
  return [name, [left, top, right, bottom, height]]
}))"""
# Words that are smaller than 12 px, or that stick out of their card.
WRONG_WORDS = """() => {
  const found = [], texts = document.createTreeWalker(document.querySelector(".live"), NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement, text = texts.currentNode.textContent.trim()
    const box = node.getBoundingClientRect(), card = node.closest(".live-stage > *")?.getBoundingClientRect()
    if (!text || !box.width || node.closest("[popover], .live-runs") || !node.checkVisibility()) continue
    if (parseFloat(getComputedStyle(node).fontSize) < 12) found.push(`${text}: small`)
    const out = card && (box.left < card.left || box.right > card.right || box.bottom > card.bottom)
    if (out && node instanceof SVGElement) found.push(`${text}: out`)
  }
  return found
}"""


# What a run bar has, and whether all of it is seen: no control is cut, nor a word in one.
CUT = """() => [...document.querySelectorAll(
  ".run-bar :is(button, select, input, .run-name)")].filter((node) => {
  if (!node.checkVisibility()) return false
  const {left, right, bottom, width} = node.getBoundingClientRect()
  const room = node.matches("button") && node.scrollWidth > node.clientWidth + 1
  return room || !width || left < 0 || right > document.documentElement.clientWidth || bottom > innerHeight
}).map((node) => node.textContent || node.ariaLabel)"""


def overlap(one: list[float], other: list[float]) -> bool:
    return (min(one[2], other[2]) - max(one[0], other[0]) > 1
            and min(one[3], other[3]) - max(one[1], other[1]) > 1)


def in_view(tab, when: str) -> None:
    names = ("run_bar", "status", *CARDS)
    boxes = tab.page.evaluate(BOXES, list(names))
    boxes["sidebar"] = [0, 0, tab.page.locator("[data-testid=stSidebar]").bounding_box()["width"], 720, 720]
    assert boxes["sidebar"][2] > 200, "the sidebar is open"
    for name, (left, top, right, bottom, height) in boxes.items():
        assert 0 <= left < right <= 1280 and 0 <= top < bottom <= 720, (when, name, boxes[name])
        assert name not in CARDS or height > 240, (when, name, "is too low to see anything")
    pairs = itertools.combinations(boxes, 2)
    assert not [(one, other) for one, other in pairs if overlap(boxes[one], boxes[other])], when
    assert tab.page.evaluate(WRONG_WORDS) == [], when
    assert tab.page.evaluate(CUT) == [], when


def test_everything_is_in_view_for_each_kind_of_data(server, new_tab):
    tab = new_tab(width=1280, height=720)
    for label, config in RUNS.items():
        tab.open(f"{server.url}/?{urlencode(to_params(config))}")
        in_view(tab, f"{label}, before")
        tab.press("train")
        tab.until_status("finished")
        tab.until("() => document.querySelector('.st-key-confusion_matrix .live-chart').data?.length")
        in_view(tab, f"{label}, after")
        tab.forget()


def test_a_card_fills_the_stage_and_gives_it_back(open_tab):
    tab = open_tab(RunConfig(epochs=2), width=1280, height=720)
    card, other = (tab.page.locator(f".st-key-{name}") for name in ("predictions", "loss_curve"))
    small = card.bounding_box()
    card.locator(".live-title").click()
    tab.until("() => document.querySelector('.st-key-predictions .live-chart')._fullLayout.width > 800")
    large = card.bounding_box()
    assert large["width"] > 2.9 * small["width"] and large["height"] > 1.9 * small["height"]
    assert not other.is_visible()
    tab.page.keyboard.press("Escape")
    other.wait_for(state="visible")
    assert card.bounding_box() == small
    other.hover()
    tab.page.keyboard.press("f")
    card.wait_for(state="hidden")
    tab.page.keyboard.press("f")
    card.wait_for(state="visible")


def test_a_projector_gets_large_text_and_a_telephone_all_controls(open_tab):
    tab = open_tab(RunConfig(epochs=2), width=1280, height=720)
    tab.press("train")
    tab.until_status("finished")
    tab.page.locator(".st-key-continue button").wait_for()
    tab.page.locator(".live-view").click()
    tab.page.get_by_label("Projector").check()
    tab.page.keyboard.press("Escape")
    tab.until("""() => [...document.querySelectorAll(
      ".live-stage text, .live-status b, .live-title, .run-bar :is(button, .run-name)")].every(
      (node) => !node.checkVisibility({visibilityProperty: true, opacityProperty: true})
        || parseFloat(getComputedStyle(node).fontSize) >= 18)""")
    assert tab.page.evaluate(CUT) == []
    tab.page.locator(".live-view").click()
    tab.page.get_by_label("Projector").uncheck()
    tab.page.keyboard.press("Escape")
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.until(f"() => !({CUT})().length")
    assert tab.page.locator(".run-bar").bounding_box()["height"] < 100


def test_a_refused_link_says_so_over_the_page(server, new_tab, open_tab):
    tab = new_tab(1280, 720).open(f"{server.url}/?colour=red")
    places = [one.page.locator(".st-key-network").bounding_box() for one in (
        open_tab(width=1280, height=720), tab)]
    assert places[0] == places[1], "nothing moves"
    said = tab.page.locator(".st-key-notes")
    assert "A link has no field 'colour'" in said.inner_text()
    said.get_by_role("button").click()
    said.wait_for(state="hidden")
