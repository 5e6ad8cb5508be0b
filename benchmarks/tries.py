"""Try it in Chromium: the time from a learner's input to the frame that shows the network's answer."""

from collections.abc import Callable
from itertools import cycle
from typing import Any

from benchmarks.app import app, chromium, page, press, rest
from benchmarks.presses import Act, measured
from benchmarks.report import ReportTable, spread
from benchmarks.subjects import DIGITS_CNN, IRIS
from benchmarks.waiting import LONGEST_WAIT

WANTED = "0.15"
# The browser itself computes the answers of small dense networks; a worker computes all others.
SLIDER = Act("Iris, a slider: the browser answers", WANTED, "input", "page.tried()")
WHILE = Act("CNN on digits while it trains, a drawing moved by a key", WANTED, "keydown", "page.answered()")
AFTER = Act("the same, after the run", WANTED, "keydown", "page.answered()")


def table(rounds: int) -> ReportTable:
    """All rows. rounds: how many inputs each row measures, one after the other."""
    taken: list[tuple[Act, list[float]]] = []
    with chromium() as browser, app() as (address, pid):
        with page(browser, address, IRIS) as opened:
            rest(opened, pid)
            press(opened, "train")
            _until(opened, "finished")
            _open_card(opened)
            slider = opened.locator(".st-key-try_it input[type=range]").first
            taken.append((SLIDER, _times(opened, rounds, SLIDER, lambda: slider.press("ArrowRight"))))
        with page(browser, address, DIGITS_CNN) as opened:
            rest(opened, pid)
            press(opened, "train")
            _until(opened, "training")
            _open_card(opened)
            drawing = opened.locator(".try-canvas")
            drawing.press("e")  # a test example; what looks into the layers is compiled meanwhile
            opened.wait_for_timeout(5000)
            # Back and forth, so that there is always something to see.
            keys = cycle(("ArrowRight", "ArrowLeft"))
            taken.append((WHILE, _times(opened, rounds, WHILE, lambda: drawing.press(next(keys)))))
            press(opened, "stop")
            _until(opened, "stopped")
            taken.append((AFTER, _times(opened, rounds, AFTER, lambda: drawing.press(next(keys)))))
    return ReportTable("Browser: Try it, from the input to the drawn answer",
                       ("what", "wanted (s)", "median (s)", "least (s)", "most (s)"),
                       tuple((act.name, act.wanted, *spread(seconds)) for act, seconds in taken),
                       f"{rounds} inputs each, one at a time.")


def _times(opened: Any, rounds: int, act: Act, do: Callable[[], object]) -> list[float]:
    return [measured(opened, act, do) for _ in range(rounds)]


def _open_card(opened: Any) -> None:
    opened.click(".st-key-predictions .live-face")


def _until(opened: Any, wanted: str) -> None:
    opened.wait_for_function("(wanted) => document.querySelector('.st-key-status').dataset.status === wanted",
                             arg=wanted, timeout=1000 * LONGEST_WAIT)
