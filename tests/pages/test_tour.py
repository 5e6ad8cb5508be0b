"""The tour and the sidebar: what it fills in, and what it gives back."""

from tests.pages.reading import address, unescaped
from ui.live.commands import obey
from ui.live.panel import STAGE


def test_settings_come_back_as_if_there_had_been_no_tour(open_page):
    page = open_page(dataset="xor", epochs="7")
    stage = page.at.session_state[STAGE]
    obey(stage, "tour_start")
    assert address(page.run()).dataset == "iris"
    obey(stage, "tour_leave")
    assert (address(page.run()).dataset, address(page).epochs) == ("xor", 7)
    # Chosen by hand, as before the tour: another dataset leaves it alone.
    page.at.selectbox(key="dataset").select("moons")
    assert address(page.run()).epochs == 7


def test_a_link_in_the_middle_of_the_tour_ends_it_and_is_not_filled_over(open_page):
    page = open_page(dataset="xor", epochs="7")
    stage = page.at.session_state[STAGE]
    obey(stage, "tour_start")
    page.run().follow(dataset="spirals", epochs="300")
    assert stage.tour.number is None and stage.tour.known.state == "left"
    assert (address(page.run()).dataset, address(page).epochs) == ("spirals", 300)
    # 300 epochs are the start of spirals, whatever there was before an earlier tour: other data bring theirs.
    obey(stage, "tour_start")
    page.run()
    obey(stage, "tour_leave")
    page.run()
    page.at.selectbox(key="dataset").select("circles")
    assert address(page.run()).epochs == 100


def test_a_link_that_keeps_settings_says_why_there_is_no_tour(open_page):
    page = open_page(dataset="xor", lock="dataset")
    page.at.query_params["tour"] = "1"
    page.run()
    assert page.at.session_state[STAGE].tour.number is None
    assert "This link keeps some settings as they are" in unescaped(page)
