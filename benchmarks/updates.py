"""How often the charts of an open page are drawn while it trains, and what that weighs on the wire.

`python -m benchmarks.updates` (needs Playwright and a Chromium). One learner alone; Chromium draws
without a GPU on the same cores that train.
"""

from statistics import median
from typing import Any

from benchmarks.app import app, chromium, page, press, rest, wait_for_end
from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import DIGITS_MLP, IRIS, MNIST_CNN, fresh_environment
from core.runs.config import RunConfig

CHARTS = ("loss_curve", "accuracy_curve", "confusion_matrix", "predictions", "network")
# What an evaluation changes: one frame should hold all of it.
PICTURES = CHARTS[2:]
# Counting starts after this many updates, when the run has begun.
BEGUN = 3
CASES = {"Iris MLP, 20 epochs a second": IRIS.replaced(epochs=1000),
         "Digits MLP 16-16, full speed": DIGITS_MLP,
         "MNIST CNN 32-64, full speed": MNIST_CNN.replaced(epochs=5)}
MARK = """(names) => { window.nodes = names.map((name) => {
  const card = document.querySelector(`.st-key-${name}`)
  return [card, card.querySelector(".live-chart"), card.querySelector(".main-svg")] }) }"""
REMOUNTED = """() => window.nodes.flat().filter((node) => node && !node.isConnected).length"""
COUNTS = """(names) => [performance.now() / 1000, ...names.map((name) =>
  Number(document.querySelector(`.st-key-${name}`).dataset.updates || 0))]"""
# In how many frames one of the pictures changed, and in how many all of them.
FRAMES = """(names) => {
  const read = () => names.map((name) => document.querySelector(`.st-key-${name}`).dataset.updates)
  let last = read()
  const found = window.found = {some: 0, all: 0}
  const look = () => {
    const now = read(), moved = now.filter((count, at) => count !== last[at]).length
    found.some += moved > 0
    found.all += moved === names.length
    last = now
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""
BEGAN = f"() => document.querySelector('.st-key-loss_curve').dataset.updates > window.before + {BEGUN}"
NOTE = ("Updates a second of each card. Together: the share of frames, among those in which matrix, "
        "predictions or network changed, in which all three did. Remounts: cards, chart elements and their "
        "drawings that were replaced. Message: what one tick carries for the panel, before the connection "
        "compresses it; KB are 1000 bytes.")


class Received:
    """Weights of the messages that a page receives: all of them, and those with a new loss curve."""

    def __init__(self, opened: Any):
        self.every: list[int] = []
        self.panel: list[int] = []
        opened.on("websocket", lambda socket: socket.on("framereceived", self._take))

    def _take(self, message: str | bytes) -> None:
        data = message.encode() if isinstance(message, str) else message
        self.every.append(len(data))
        if b'"loss_curve"' in data and b'"traces"' in data:
            self.panel.append(len(data))

    def clear(self) -> None:
        """Forget what came until now."""
        self.every.clear()
        self.panel.clear()


def measure(browser: Any, address: str, pid: int, config: RunConfig, seconds: float) -> tuple[Cell, ...]:
    """Updates a second of each card, how many came together, remounts, and messages' weights in `seconds`."""
    with page(browser, address, config) as opened:
        received = Received(opened)
        opened.reload()  # sockets are only heard from when they are opened
        opened.wait_for_selector(".st-key-loss_curve .main-svg")
        rest(opened, pid)
        opened.evaluate("() => window.before = "
                        "Number(document.querySelector('.st-key-loss_curve').dataset.updates)")
        press(opened, "train")
        opened.wait_for_function(BEGAN, timeout=60_000)
        opened.evaluate(MARK, CHARTS)
        received.clear()
        opened.evaluate(FRAMES, PICTURES)
        before = opened.evaluate(COUNTS, CHARTS)
        opened.wait_for_timeout(1000 * seconds)
        after = opened.evaluate(COUNTS, CHARTS)
        frames = opened.evaluate("() => window.found")
        weights, everything = list(received.panel), sum(received.every)
        remounts = opened.evaluate(REMOUNTED)
        opened.click(".st-key-stop button:not([disabled])")
        wait_for_end(opened)
    passed, *updates = (late - early for early, late in zip(before, after, strict=True))
    together = f"{frames['all'] / max(1, frames['some']):.0%}"
    return (*(number / passed for number in updates), together, remounts, median(weights) / 1e3,
            max(weights) / 1e3, everything / 1e3 / passed)


def main() -> None:
    """Measure every case and print them."""
    parser = arguments("Chart updates a second in Chromium.")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each run that are counted")
    chosen = parser.parse_args()
    report = Report("updates")
    made: list[tuple[Cell, ...]] = []
    with fresh_environment(), chromium() as browser, app() as (address, pid):
        for name, config in CASES.items():
            made.append((name, *measure(browser, address, pid, config, chosen.seconds)))
    report.add(ReportTable(
        f"Chart updates a second, during {chosen.seconds:g} s",
        ("run", "loss", "accuracy", "matrix", "predictions", "network", "together", "remounts",
         "message, median (KB)", "most (KB)", "in all (KB/s)"), tuple(made), NOTE))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
