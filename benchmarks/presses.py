"""Presses and choices in Chromium: from the event to the frame that shows what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.app import app, chromium, page, press, rest, status
from benchmarks.report import ReportTable, spread
from benchmarks.subjects import IRIS
from benchmarks.waiting import LONGEST_WAIT

# All stamps are the browser's own: the event, and the first frame in which `shown` holds.
WATCH = """([event, shown]) => {
  const chart = document.querySelector(".st-key-loss_curve .live-chart"), start = chart.dataset.updates
  const {dataset: card} = document.querySelector(".st-key-try_it"), {shown: count, number} = card
  const page = {status: () => document.querySelector(".st-key-status").dataset.status,
    drawn: () => chart.dataset.updates !== start,
    // The card Try it: it was drawn again, and with the answer to another question than before.
    tried: () => card.shown !== count, answered: () => card.number !== number,
    idle: () => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"}
  const holds = new Function("page", `return ${shown}`)
  window.began = window.shown = undefined
  addEventListener(event, () => window.began = performance.now(), {capture: true, once: true})
  const look = () => {
    if (window.began && holds(page)) window.shown = performance.now()
    else requestAnimationFrame(look)
  }
  look()
}"""


@dataclass(frozen=True)
class Act:
    """What a learner does. shown: JavaScript that tells when the page shows it. wanted: seconds."""

    name: str
    wanted: str
    event: str
    shown: str


PAUSE = Act("Pause to the drawn state", "0.1", "click", "page.status() === 'paused'")
STEP = Act("Step to the drawn step", "0.08", "click", "page.drawn()")
STOP = Act("Stop to the drawn state", "0.1", "click", "page.status() === 'stopped'")
CHOICE = Act("A choice to the settled page", "0.15", "change",
             "location.search.includes(`epochs=${document.querySelector('.st-key-epochs input').value}`)"
             " && page.idle()")


def measured(opened: Any, act: Act, do: Callable[[], object]) -> float:
    """Seconds from the event of `act`, which `do` brings about, to the frame that shows it."""
    opened.wait_for_timeout(700)  # no choice is pending, nothing moves
    opened.evaluate(WATCH, [act.event, act.shown])
    do()
    opened.wait_for_function("() => window.shown", timeout=1000 * LONGEST_WAIT)
    return opened.evaluate("() => (window.shown - window.began) / 1000")


def table(rounds: int) -> ReportTable:
    """Each act in turns, on the Iris network, which is compiled already."""
    taken: dict[Act, list[float]] = {act: [] for act in (PAUSE, STEP, STOP, CHOICE)}
    with chromium() as browser, app() as (address, pid), \
            page(browser, address, IRIS.replaced(epochs=1000)) as opened:
        rest(opened, pid)

        def measure(act: Act, do: Callable[[], object]) -> None:
            taken[act].append(measured(opened, act, do))

        for number in range(rounds):
            press(opened, "train")
            opened.wait_for_function("() => document.querySelector('.st-key-status').dataset.status "
                                     "=== 'training'", timeout=1000 * LONGEST_WAIT)
            measure(PAUSE, lambda: press(opened, "pause"))
            measure(STEP, lambda: press(opened, "step"))
            measure(STOP, lambda: press(opened, "stop"))
            assert status(opened) == "stopped"
            box = opened.locator(".st-key-epochs input")
            box.fill(str(900 - number))
            measure(CHOICE, lambda box=box: box.press("Enter"))
    rows = tuple((act.name, act.wanted, *spread(seconds)) for act, seconds in taken.items())
    return ReportTable("Browser: presses and choices",
                       ("what", "wanted (s)", "median (s)", "least (s)", "most (s)"), rows,
                       f"{rounds} rounds in turns. TensorFlow Playground: 0.044 s, press to new loss.")
