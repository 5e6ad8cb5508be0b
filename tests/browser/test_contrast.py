"""All text is readable: its contrast with the background, measured on the real pages, light and dark."""

import pytest

from tests.browser.conftest import Tab

# WCAG 2.2, 1.4.3: relative luminance, and (lighter + 0.05) / (darker + 0.05). A colour that lets something
# through is laid over what is behind it. Left out: what cannot be used now, keys of buttons, the number of
# a slider, which stands above its handle, and numbers on the cells of a heatmap, which are painted. A sign
# without letters, such as a coloured dot, needs 3 (1.4.11).
FAINT = """(least) => {
  const LEFT_OUT = "style, script, kbd, :disabled, [aria-disabled=true], [data-testid=stSliderThumbValue], "
    + ".heatmap-label"
  const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true})
  const rgba = (color) => {
    paint.clearRect(0, 0, 1, 1)
    paint.fillStyle = color
    paint.fillRect(0, 0, 1, 1)
    const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
  const over = (one, other) => [0, 1, 2].map((at) => one[at] * one[3] + other[at] * (1 - one[3]))
  const luminance = (color) => [0.2126, 0.7152, 0.0722].reduce((sum, share, at) => {
    const value = color[at] / 255
    return sum + share * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
  }, 0)
  const found = {}, texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement, text = texts.currentNode.textContent.trim()
    if (!text || node.closest(LEFT_OUT)) continue
    const style = getComputedStyle(node), box = node.getBoundingClientRect()
    if (style.visibility === "hidden" || box.width < 2) continue
    if (style.fontFamily.includes("Material Symbols")) continue
    const above = []
    for (let one = node; one; one = one.parentElement) above.unshift(getComputedStyle(one))
    const behind = above.reduce((color, one) => over(rgba(one.backgroundColor), color), [255, 255, 255])
    const color = rgba(node instanceof SVGElement ? style.fill : style.color)
    color[3] *= above.reduce((share, one) => share * Number(one.opacity), 1)
    if (color[3] < 0.05) continue
    const [dark, light] = [luminance(over(color, behind)), luminance(behind)].sort((a, b) => a - b)
    const contrast = (light + 0.05) / (dark + 0.05), large = parseFloat(style.fontSize) >= 24
    const sign = !/[\\p{L}\\p{N}]/u.test(text)
    if (contrast < (large || sign ? 3 : least)) found[text.slice(0, 40)] = contrast.toFixed(2)
  }
  return found
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_a_contrast_of_at_least_four_and_a_half(browser, server, scheme):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.goto(server.url)
    page.wait_for_selector(".st-key-predictions .js-plotly-plot")
    page.locator("[data-testid=stSidebar] summary", has_text="Loss").first.click()
    page.wait_for_selector("[data-testid=stCaptionContainer] code")
    for status in ("ready", "waiting", "training", "finished", "diverged"):
        page.evaluate("(status) => document.querySelector('.live-status').dataset.status = status", status)
        assert page.evaluate(FAINT, 4.5) == {}, status
    page.get_by_role("link", name="Search").click()
    page.wait_for_selector("[data-testid=stMultiSelectTagsContainer] [data-tag]")
    page.wait_for_selector(".st-key-trials table")
    assert page.evaluate(FAINT, 4.5) == {}
    assert page.evaluate(FAINT, 30), "it measures something"
    context.close()


# What is there once a page is drawn.
PAGES = {"evaluate": ".st-key-evaluated_matrix .nsewdrag", "compare": ".st-key-compared_curves .main-svg",
         "learn": "h2", "home": ".st-key-open_try", "agents": ".st-key-returns .js-plotly-plot"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_so_it_has_on_a_projector_and_on_the_pages_about_runs(browser, server, scheme):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    tab = Tab(context.new_page()).open(f"{server.url}/?epochs=5&projector=1")
    tab.press("train")
    tab.until_status("finished")
    tab.page.wait_for_selector(".projector")
    faint = {"projector": tab.page.evaluate(FAINT, 4.5)}
    for name, drawn in PAGES.items():
        tab.page.goto(f"{server.url}/{name}")
        tab.page.wait_for_selector(drawn)
        faint[name] = tab.page.evaluate(FAINT, 4.5)
    context.close()
    assert not {name: found for name, found in faint.items() if found}
