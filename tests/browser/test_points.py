"""Placing points in a real browser: by clicks, by keys, and in whichever colours the page has."""

from urllib.parse import parse_qs, urlencode, urlparse

import pytest

from core.runs.config import RunConfig
from ui.form.permalink import to_params

PLACED = RunConfig(dataset="placed", dataset_parameters={
    "points": [[x, label - 0.5, label] for label in (0, 1) for x in (-2, 0, 2)]})
COUNT = "document.querySelectorAll('.points-place circle').length"


def points(tab) -> list[str]:
    """The points in the address, each as `x.y.class` in hundredths."""
    return parse_qs(urlparse(tab.page.url).query)["dataset.points"][0].split("_")


def until_points(tab, count: int) -> None:
    """Wait until the board has so many points, and the address says the same."""
    tab.until(f"(count) => {COUNT} === count", count)
    tab.until("(count) => new URLSearchParams(location.search).get('dataset.points').split('_').length "
              "=== count", count)


def open_board(open_tab, **size: int):
    tab = open_tab(PLACED, **size)
    if size.get("width", 1400) < 640:
        tab.page.click('[data-testid="stExpandSidebarButton"]')
    tab.page.wait_for_selector(".points-place svg")
    until_points(tab, 6)
    return tab


def click(tab, x: float, y: float, limit: float = 6.0) -> None:
    """Click on the board where a point (x, y) lies."""
    board = tab.page.locator(".points-place svg")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box
    board.click(position={"x": (x + limit) / (2 * limit) * box["width"],
                          "y": (limit - y) / (2 * limit) * box["height"]})


@pytest.mark.parametrize("width", [1400, 390])
def test_points_are_placed_and_removed_by_clicks(open_tab, width):
    tab = open_board(open_tab, width=width)
    tab.page.click(".points-bar button:nth-child(2)")
    click(tab, 3, 4)
    until_points(tab, 7)
    x, y, label = map(int, points(tab)[-1].split("."))
    assert label == 1 and abs(x - 300) <= 5 and abs(y - 400) <= 5
    click(tab, 3, 4)
    until_points(tab, 6)
    assert points(tab)[0] == "-200.-50.0"


def test_quick_clicks_are_all_kept(open_tab):
    tab = open_board(open_tab)
    for number in range(10):
        click(tab, number / 2 - 2.5, 4 + number % 2)
    until_points(tab, 16)


def test_a_change_that_gets_lost_is_told_again(server, new_tab):
    tab, losing, lost = new_tab(own=True), [False], []

    def pass_on(socket) -> None:
        there = socket.connect_to_server()

        def told(message) -> None:
            if losing[0] and b"points_drawn" in (message if isinstance(message, bytes) else message.encode()):
                losing[0] = False
                lost.append(message)
            else:
                there.send(message)

        socket.on_message(told)

    tab.page.route_web_socket("**/_stcore/stream", pass_on)
    open_board(lambda config: tab.open(f"{server.url}/?{urlencode(to_params(config))}"))
    losing[0] = True
    click(tab, 3, 4)
    until_points(tab, 7)
    assert len(lost) == 1


def test_the_board_is_used_by_keys_alone(open_tab):
    tab = open_board(open_tab)
    tab.page.focus(".points-place svg")
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "3", "Enter"):
        tab.page.keyboard.press(key)
    until_points(tab, 7)
    assert points(tab)[-1] == "25.50.2"
    tab.page.keyboard.press("Delete")
    until_points(tab, 6)


def test_it_learns_from_what_was_placed(open_tab):
    tab = open_board(open_tab)
    tab.page.click(".points-clear")
    tab.until(f"() => {COUNT} === 0")
    for label in (0, 1):
        tab.page.click(f".points-bar button:nth-child({label + 1})")
        for number in range(4):
            click(tab, number - 2, 3 - 6 * label)
    until_points(tab, 8)
    tab.press("train")
    tab.until_status("training", "finished")
