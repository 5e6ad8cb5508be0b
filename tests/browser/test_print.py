"""What is printed: one page each, without the page around it, in the dark theme too."""

import re

from core.runs.config import RunConfig


def pages(pdf: bytes) -> int:
    """How many pages a PDF of Chromium's has."""
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_a_worksheet_and_a_report_are_one_page_each(server, open_tab):
    tab = open_tab(RunConfig(epochs=3))
    tab.press("train")
    tab.until_status("finished")
    page = tab.page
    page.click(".st-key-take_home button")
    report = page.get_attribute("a:has-text('Report to print')", "href")
    page.emulate_media(color_scheme="dark")
    for address in (report, "print?worksheet=overfitting"):
        page.goto(f"{server.url}/{address}")
        page.wait_for_selector(".sheet h1")
        page.fill(".blank input >> nth=0", "Ada")
        for size in ("A4", "Letter"):
            assert pages(page.pdf(format=size)) == 1
        page.emulate_media(media="print", color_scheme="dark")
        assert not page.is_visible(".print") and not page.is_visible("[data-testid=stHeader]")
        assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor"
                             ) == "rgb(255, 255, 255)"
        page.emulate_media(media="screen", color_scheme="dark")
        assert page.is_visible(".print") and page.input_value(".blank input >> nth=0") == "Ada"
    page.emulate_media(color_scheme="light")
