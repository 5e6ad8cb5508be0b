"""A class of thirty on one small machine: everybody opens the page, presses Train and follows the run.

`python -m benchmarks.classroom`: the real server, and learners that speak Streamlit's own protocol (no
browser, which would need more cores than it leaves). They share the machine with what they measure.
`--lessons 10` has ten of them in lessons: they predict first, and hand in a challenge. `--agents 3` has three
of them train agents, each on a page of their own, while the others train networks. `--kill SECONDS` kills
the worker process every so often; then each network's curve is compared with that of the same run by the
engine alone.
"""

import asyncio
import os
import re
import signal
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.app import app, family
from benchmarks.assignments import Assignment, Outcome, assignments, lines, reference, table
from benchmarks.in_lesson import hand_in, predict
from benchmarks.report import Report, arguments
from benchmarks.shown import Shown
from benchmarks.subjects import fresh_environment
from benchmarks.visitor import Visitor, visit
from core.runs.config import RunConfig

ENDED = ("finished", "stopped", "diverged", "failed")
# A learner looks at the page before pressing Train, and now and then changes something.
LOOK_SECONDS, CHANGE_SECONDS = 0.5, 10.0
READY_SECONDS = 120.0
# How long the server keeps the session of a tab that was closed: 120 s unless it is told otherwise.
KEPT_SECONDS = 10
SAID = re.compile(r"\b(?:ERROR|CRITICAL)\b|Traceback|Error\b|Exception\b")


@dataclass
class Class:
    """What was measured of all together. memory: private MB of the page process, by when."""

    outcomes: list[Outcome] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    kills: int = 0
    errors: list[str] = field(default_factory=list)


async def learn(address: str, assignment: Assignment, chosen: Namespace,
                all_done: asyncio.Barrier) -> Outcome:
    """One learner: comes, presses Train, follows the run to its end, and stays until all are done."""
    await asyncio.sleep(assignment.arrives)
    async with visit(address, assignment.query, 1 / chosen.updates, assignment.page) as visitor:
        await visitor.until(lambda shown: bool(shown.buttons.get("train")), READY_SECONDS)
        await asyncio.sleep(LOOK_SECONDS)
        outcome = Outcome(assignment)
        changes = asyncio.create_task(change_now_and_then(visitor))
        try:
            if assignment.lesson:
                await predict(visitor, assignment.lesson)
            began, before = time.monotonic(), visitor.bytes
            await visitor.press("train")
            await visitor.until(lambda shown: shown.points, READY_SECONDS)
            outcome.first_point = time.monotonic() - began
            await visitor.until(lambda shown: shown.status in ENDED, chosen.longest)
            outcome.seconds, outcome.bytes = time.monotonic() - began, visitor.bytes - before
            if assignment.lesson:
                outcome.verdict = await hand_in(visitor, chosen.longest)
        except (TimeoutError, RuntimeError) as error:
            outcome.errors.append(f"{type(error).__name__} {error}: {assignment.config.name}, seed "
                                  f"{assignment.config.seed}, {visitor.shown.status or 'no status'}")
        finally:
            changes.cancel()
        take(outcome, visitor.shown)
        await all_done.wait()
        outcome.gaps = visitor.gaps
        outcome.pages = [seconds for _, seconds in visitor.trips.pages]
        return outcome


async def change_now_and_then(visitor: Visitor) -> None:
    """Ask for the whole page again, as a widget does that was changed."""
    while True:
        await asyncio.sleep(CHANGE_SECONDS)
        await visitor.rerun()


def take(outcome: Outcome, shown: Shown) -> None:
    """What the page shows of the run at its end."""
    outcome.status, outcome.updates = shown.status, shown.updates
    numbers = {row["name"]: row["value"] for row in shown.content("status").get("numbers", ())}
    outcome.done_of = numbers.get("Epoch") or numbers.get("Step", "")
    outcome.curves = lines({part: shown.content(part) for part in ("loss_curve", "accuracy_curve")})
    outcome.errors += shown.errors


async def look(address: str, assignment: Assignment) -> None:
    """Open a page and leave when the workers are ready and the server knows the data."""
    async with visit(address, "") as visitor:
        # The example for learners without a run: a worker has trained it.
        await visitor.until(lambda shown: shown.points, READY_SECONDS)
    async with visit(address, assignment.query, page=assignment.page) as visitor:
        await visitor.until(lambda shown: bool(shown.buttons.get("train")), READY_SECONDS)


async def hold(address: str, pid: int, chosen: Namespace) -> Class:
    """The whole class, with the workers ready when it begins."""
    whole, plan = Class(), assignments(chosen.iris, chosen.digits, chosen.mnist, chosen, chosen.entries,
                                       chosen.lessons, chosen.agents)
    kinds = {assignment.kind: assignment for assignment in plan}
    for assignment in kinds.values():
        await look(address, assignment)
    await asyncio.sleep(chosen.rest)
    whole.memory["before"] = await settled(address, pid, plan[0])
    began, all_done = time.monotonic(), asyncio.Barrier(len(plan) + 1)
    learners = [asyncio.create_task(learn(address, assignment, chosen, all_done)) for assignment in plan]
    killer = asyncio.create_task(kill_now_and_then(pid, chosen.kill, whole))
    await all_done.wait()
    whole.seconds, whole.memory["there"] = time.monotonic() - began, private(pid)
    killer.cancel()
    whole.outcomes = await asyncio.gather(*learners)
    whole.memory["after"] = await settled(address, pid, plan[0])
    return whole


async def settled(address: str, pid: int, assignment: Assignment) -> float:
    """Private MB of the page process once it has forgotten closed tabs and collected garbage."""
    await asyncio.sleep(KEPT_SECONDS + 1)
    await look(address, assignment)  # closed tabs are forgotten when another one is closed
    await asyncio.sleep(1)
    if hasattr(signal, "SIGUSR1"):
        os.kill(pid, signal.SIGUSR1)
        await asyncio.sleep(2)
    return private(pid)


def private(pid: int) -> float:
    """MB that belong to this process alone."""
    info = psutil.Process(pid).memory_full_info()
    return getattr(info, "uss", info.rss) / 1e6


async def kill_now_and_then(pid: int, seconds: float | None, whole: Class) -> None:
    """Kill the process that trains, every so often."""
    while seconds:
        await asyncio.sleep(seconds)
        for process in family(pid):
            with suppress(psutil.Error):
                if any("spawn_main" in word for word in process.cmdline()):
                    process.kill()
                    whole.kills += 1


def said(logs: dict[str, bytes]) -> Iterator[str]:
    """The lines of the logs that tell of an error."""
    for name, text in logs.items():
        for line in text.decode(errors="replace").splitlines():
            if SAID.search(line):
                yield f"{name}: {line.strip()[:200]}"


def run(chosen: Namespace) -> Class:
    """Start the app, hold the class in it, and read the logs."""
    logs: dict[str, bytes] = {}
    with fresh_environment() as cache, tempfile.TemporaryFile() as output:
        options = ("--server.disconnectedSessionTTL", str(KEPT_SECONDS))
        with app(output, "benchmarks.served", options) as (address, pid):
            whole = asyncio.run(hold(address, pid, chosen))
            # What a worker says of being ended is no error of the class.
            with suppress(OSError):
                logs["worker"] = (cache / "worker.log").read_bytes()
        output.seek(0)
        logs["page server"] = output.read()
        whole.errors = [*said(logs), *(error for outcome in whole.outcomes for error in outcome.errors)]
        if chosen.compare or chosen.kill:
            networks = [(outcome, outcome.assignment.config) for outcome in whole.outcomes
                        if isinstance(outcome.assignment.config, RunConfig)]
            found = reference([config for _, config in networks])
            for (outcome, _), curves in zip(networks, found, strict=True):
                outcome.expected = curves
        if chosen.logs:
            Path(chosen.logs).write_bytes(b"\n".join(logs.values()))
    return whole


def main() -> None:
    """Hold a class and print how it went."""
    parser = arguments("A class of thirty on one machine.")
    parser.add_argument("--iris", type=int, default=17, help="learners that train an MLP on Iris")
    parser.add_argument("--digits", type=int, default=8, help="learners that train a CNN on Digits")
    parser.add_argument("--mnist", type=int, default=2, help="learners that train a CNN on MNIST")
    parser.add_argument("--entries", type=int, default=3, help="of sentences, an autoencoder, films")
    parser.add_argument("--lessons", type=int, default=0, help="how many of the first are in lessons instead")
    parser.add_argument("--agents", type=int, default=0, help="how many of the first train agents instead")
    parser.add_argument("--networks", type=int, default=1, help="different networks of each kind")
    parser.add_argument("--iris-epochs", type=int, default=800)
    parser.add_argument("--digits-epochs", type=int, default=30)
    parser.add_argument("--mnist-epochs", type=int, default=1)
    parser.add_argument("--within", type=float, default=8.0, help="seconds in which all open the page")
    parser.add_argument("--updates", type=float, default=2.0, help="a second, at most, of each page")
    parser.add_argument("--rest", type=float, default=5.0, help="seconds before the class begins")
    parser.add_argument("--longest", type=float, default=600.0, help="seconds that a run may take")
    parser.add_argument("--kill", type=float, metavar="SECONDS", help="kill the worker every so often")
    parser.add_argument("--compare", action="store_true", help="compare the curves, as --kill does")
    parser.add_argument("--logs", metavar="FILE", help="keep the logs in this file")
    chosen = parser.parse_args()
    report = Report("classroom")
    whole = run(chosen)
    report.add(table(whole.outcomes, whole.memory, whole.errors, whole.seconds, whole.kills))
    for error in whole.errors[:20]:
        print(error)
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
