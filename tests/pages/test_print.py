"""Print: the address says what is shown, and what is not there is said."""

import re

from tests.pages.reading import said
from ui.assets import STATIC


def test_an_address_shows_its_sheet_or_says_that_there_is_none(open_page):
    page = open_page()
    page.visit("pages/paper.py")
    for params, shown in (({"worksheet": "scaling"}, True), ({"notes": "scaling"}, True),
                          ({"worksheet": "no such lesson"}, False), ({}, False)):
        page.at.query_params.clear()
        page.at.query_params.update(params)
        page.run()
        assert not page.at.exception and bool(page.at.info) != shown


def test_teachers_find_a_row_for_each_lesson(open_page):
    page = open_page()
    page.visit("pages/learn.py")
    page.at.query_params["section"] = "teachers"
    page.run()
    assert said(page).count("(print?worksheet=") == said(page).count("(print?notes=") == 17
    assert "[Scaling](./?lesson=scaling)" in said(page)


def test_a_run_has_a_report_for_its_own_browser_alone(open_page):
    page = open_page(epochs="2")
    page.press("train")
    page.until("finished")
    found = {}
    for browser in (page, open_page()):
        browser.visit("pages/paper.py")
        browser.at.query_params.clear()
        browser.at.query_params["run"] = page.runs[0].id
        browser.run()
        found[browser is page] = (bool(browser.at.exception), bool(browser.at.info))
    assert found == {True: (False, False), False: (False, True)}


def test_no_sheet_is_printed_between_two_blank_pages():
    # What is around a part of a page that names its paper is printed on another.
    for style in STATIC.glob("*.css"):
        assert not re.search(r"[{;\s]page: *\w+ *[;}]", style.read_text("utf-8")), style.name
