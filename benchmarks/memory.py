"""Memory of the whole app while the MNIST network trains: the real server, with a page open in Chromium.

`python -m benchmarks.memory` (needs Playwright and a Chromium). The browser itself is not counted.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.app import app, chromium, family, page, press, rest, status, wait_for_end
from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import MNIST_CNN, fresh_environment

SAMPLE_MS, IDLE_SAMPLES = 200, 5
ROLES = ("page", "nanny", "worker")
CASES: dict[str, dict[str, str]] = {
    "as it is": {},
    "no nanny": {"PLAYGROUND_NANNY": "0"},
    "no nanny, no warm-up": {"PLAYGROUND_NANNY": "0", "PLAYGROUND_WARM_UP": "0"}}
NOTE = ("MB (1e6 bytes). PSS counts memory that processes share in parts, so that it adds up; RSS counts it "
        "in each. Highest: the sample with the largest whole, of five a second, from the press of Train to "
        "the end of the run. After: two seconds of rest later.")


@dataclass(frozen=True)
class Sample:
    """One look at all processes: MB of each role. rss: of all together."""

    pss: dict[str, float]
    rss: float

    @property
    def whole(self) -> float:
        return sum(self.pss.values())


def look(pid: int, nanny: bool) -> Sample:
    """The memory of the app's processes now; where there is no PSS (not on Linux), RSS stands for it."""
    pss, rss = defaultdict(float), 0.0
    for process in family(pid):
        info: Any = process.memory_full_info()
        pss[_role(process.pid == pid, process.cmdline(), nanny)] += getattr(info, "pss", info.rss) / 1e6
        rss += info.rss / 1e6
    return Sample(dict(pss), rss)


def _role(is_server: bool, command: Sequence[str], nanny: bool) -> str:
    """A nanny runs the `dask worker` command and starts the worker, and a tracker of it, from there."""
    if is_server:
        return "page"
    starts_worker = any("spawn_main" in word for word in command)
    return "worker" if starts_worker or not nanny else "nanny"


def watch(opened: Any, take: Callable[[], Sample]) -> list[Sample]:
    """Samples from now until the run has ended."""
    samples = []
    while status(opened) in ("ready", "waiting", "compiling", "training"):
        samples.append(take())
        opened.wait_for_timeout(SAMPLE_MS)
    if wait_for_end(opened) != "finished":
        raise RuntimeError(f"The run ended as {status(opened)}.")
    return samples


def measure(browser: Any, epochs: int, environment: dict[str, str]) -> dict[str, list[Sample]]:
    """Samples of a fresh app: before the run, during it, and after it."""
    nanny = environment.get("PLAYGROUND_NANNY") != "0"
    with fresh_environment(), app(**environment) as (address, pid), \
            page(browser, address, MNIST_CNN.replaced(epochs=epochs)) as opened:
        def few() -> list[Sample]:
            rest(opened, pid)
            return [look(pid, nanny) for _ in range(IDLE_SAMPLES)]

        idle = few()
        press(opened, "train")
        return {"idle": idle, "training": watch(opened, lambda: look(pid, nanny)), "after": few()}


def rows(name: str, samples: dict[str, list[Sample]]) -> list[tuple[Cell, ...]]:
    """One row a phase, and one for the highest sample while training."""
    made = [_row(name, phase, _middle(taken)) for phase, taken in samples.items()]
    highest = max(samples["training"], key=lambda sample: sample.whole)
    return [*made[:2], _row(name, "training, highest", highest), *made[2:]]


def _middle(samples: Sequence[Sample]) -> Sample:
    roles = [role for role in ROLES if role in samples[-1].pss]
    return Sample({role: median(sample.pss.get(role, 0.0) for sample in samples) for role in roles},
                  median(sample.rss for sample in samples))


def _row(name: str, phase: str, sample: Sample) -> tuple[Cell, ...]:
    return (name, phase, *(sample.pss.get(role) for role in ROLES), sample.whole, sample.rss)


def main() -> None:
    """Measure every case and print them."""
    parser = arguments("Memory of the whole app while the MNIST network trains.")
    parser.add_argument("--epochs", type=int, default=2)
    chosen = parser.parse_args()
    report = Report("memory")
    made = []
    with chromium() as browser:
        for name, environment in CASES.items():
            made += rows(name, measure(browser, chosen.epochs, environment))
    report.add(ReportTable(
        f"MNIST CNN 32-64, batch 32, epochs: {chosen.epochs}",
        ("settings", "when", *(f"{role} (PSS)" for role in ROLES), "whole (PSS)", "whole (RSS)"),
        tuple(made), NOTE))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
