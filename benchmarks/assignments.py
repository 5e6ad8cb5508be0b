"""What a class is to learn, what came of it, and whether that is what was wanted."""

from argparse import Namespace
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import numpy as np

from benchmarks.in_lesson import LESSONS
from benchmarks.report import Cell, ReportTable
from benchmarks.subjects import IRIS, MNIST_CNN
from core.agents.config import AgentConfig
from core.agents.presets import good_start as good_agents
from core.charts import loss_curve
from core.datasets.splits import split
from core.lessons.reading import lessons
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.history import History
from core.runs.presets import good_start, presets
from core.runs.run import Run
from core.settings import from_environment
from core.views.panel_layout import TASK_LAYOUTS
from ui.agents import link
from ui.form.permalink import to_params

DIGITS_CNN = RunConfig(dataset="digits", architecture="cnn", learning_rate=0.001, batch_size=32)
# The tutorials' applications, as their good starts have them.
ENTRIES = (good_start("sentence_polarity"), presets()["autoencoder"].config, good_start("ratings"))
# At the pace of the page: some ten seconds of each.
AGENTS = (good_agents("cartpole", "policy_gradient").replaced(steps=10_000),
          good_agents("grid", "q_learning").replaced(steps=6000),
          good_agents("grid", "dqn").replaced(steps=10_000))
Curves = dict[str, list[float | None]]
NOTE = ("First point: from the press of Train to the first point in the loss curve. Round trip: from a "
        "request to the end of the script's run that answers it. KB are 1000 bytes, not compressed. Growth: "
        "private memory of the page process per learner.")


@dataclass(frozen=True)
class Assignment:
    """What one learner does. arrives: seconds after the class began. lesson: its name; empty for none."""

    config: RunConfig | AgentConfig
    arrives: float
    lesson: str = ""

    @property
    def page(self) -> str:
        """The name of its page in a link; empty for the Playground."""
        return "agents" if isinstance(self.config, AgentConfig) else ""

    @property
    def query(self) -> str:
        """Of the link that opens it."""
        if isinstance(self.config, AgentConfig):
            return urlencode(link.to_params(self.config))
        return urlencode({"lesson": self.lesson} if self.lesson else to_params(self.config))

    @property
    def kind(self) -> Hashable:
        """Equal for those that need the same data, or whose agents learn the same way."""
        config = self.config
        if isinstance(config, AgentConfig):
            return config.environment, config.method
        return config.dataset, config.target

    @property
    def whole(self) -> str:
        """What the page says of a run that went through all its epochs or steps."""
        end = f"{self.config.steps:,}" if isinstance(self.config, AgentConfig) else f"{self.config.epochs}"
        return f"{end} / {end}"


@dataclass
class Outcome:
    """What became of one assignment. Times in seconds, from the press of Train.

    verdict: from handing in to the verdict, in a lesson. done_of: the epochs or steps it went through, and
    how many there were to be. gaps: between two updates of the panel. pages: round trips of the page. curves:
    the panel's lines at the end, by name. expected: those of the same run alone, where they were asked for.
    """

    assignment: Assignment
    first_point: float = float("nan")
    seconds: float = float("nan")
    verdict: float = float("nan")
    bytes: int = 0
    updates: int = 0
    status: str = ""
    done_of: str = ""
    gaps: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    curves: Curves = field(default_factory=dict)
    expected: Curves | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """Whether the run went through all its epochs or steps."""
        return self.status == "finished" and self.done_of == self.assignment.whole


def assignments(iris: int, digits: int, mnist: int, chosen: Namespace, entries: int = 0,
                in_lessons: int = 0, agents: int = 0) -> list[Assignment]:
    """One assignment a learner, kinds mixed; each has its own seed.

    entries: how many learn something of `ENTRIES`, in turns, with its epochs. in_lessons: how many of those
    with Iris are in lessons instead, with these lessons' settings. agents: how many of them train `AGENTS`
    instead, in turns. chosen: `networks` different
    ones of each other kind, epochs of each such kind, and `within` how many seconds all come.
    """
    made = [IRIS.replaced(epochs=chosen.iris_epochs, seed=number, architecture_parameters={
        "hidden_units": (16 + number % chosen.networks, 16)}) for number in range(iris - in_lessons - agents)]
    made += [_cnn(DIGITS_CNN, number, chosen.networks).replaced(epochs=chosen.digits_epochs)
             for number in range(digits)]
    made += [_cnn(MNIST_CNN, number, chosen.networks).replaced(epochs=chosen.mnist_epochs)
             for number in range(mnist)]
    made += [ENTRIES[number % len(ENTRIES)].replaced(seed=number) for number in range(entries)]
    # As they might sit: the same order every time, no kind first.
    names = [LESSONS[number % len(LESSONS)] for number in range(in_lessons)]
    all_of_them = [*((config, "") for config in made), *((lessons()[name].config, name) for name in names),
                   *((AGENTS[number % len(AGENTS)].replaced(seed=number), "") for number in range(agents))]
    order = np.random.default_rng(0).permutation(len(all_of_them))
    return [Assignment(config, chosen.within * place / max(1, len(order) - 1), lesson)
            for place, (config, lesson) in enumerate(all_of_them[index] for index in order)]


def _cnn(config: RunConfig, number: int, networks: int) -> RunConfig:
    own = {**config.architecture_parameters, "dense_units": (64 + number % networks,)}
    return config.replaced(seed=number, architecture_parameters=own)


def reference(configs: Sequence[RunConfig]) -> list[Curves]:
    """The curves that these runs have in the engine alone, in turn, drawn as the page draws them."""
    from core.training.fit import fit
    found = []
    for config in configs:
        history = History()
        data = split(config.data, config.preparation)
        for event in fit(config, data, ControlsMailbox(), from_environment()):
            history.append(event)
        run = Run("reference", "nobody", config, 0, Controls(), status="finished", history=history)
        beside = TASK_LAYOUTS[config.data.task].curve(config.data, run)
        found.append(lines({"loss_curve": loss_curve(run), "accuracy_curve": beside}))
    return found


def lines(charts: Mapping[str, Mapping[str, Any]]) -> Curves:
    """The lines of a run's epochs, training and validation, in charts by their names."""
    return {f"{name}, {trace['name']}": trace["y"] for name, chart in charts.items()
            for trace in chart.get("traces", ())[-2:]}


def apart(curves: Curves, other: Curves) -> float:
    """The largest difference between two sets of curves, as a share of the larger value.

    Infinite where they have not the same lines with as many points and the same gaps.
    """
    most = 0.0
    if curves.keys() != other.keys():
        return float("inf")
    for name in curves:
        if len(curves[name]) != len(other[name]):
            return float("inf")
        for first, second in zip(curves[name], other[name], strict=True):
            if first is None or second is None:
                most = max(most, 0.0 if first == second else float("inf"))
            elif first != second:
                most = max(most, abs(first - second) / max(abs(first), abs(second)))
    return most


def table(outcomes: Sequence[Outcome], memory: Mapping[str, float], errors: Sequence[str], seconds: float,
          kills: int) -> ReportTable:
    """The figures beside what is wanted. memory: private MB of the page process: before, there, after."""
    count = len(outcomes)
    gaps = [gap for outcome in outcomes for gap in outcome.gaps]
    pages = [trip for outcome in outcomes for trip in outcome.pages]
    done = sum(outcome.done for outcome in outcomes)
    waits = np.asarray([outcome.first_point for outcome in outcomes])  # NaN where there never was a point
    rates = [outcome.bytes / 1e3 / outcome.seconds for outcome in outcomes]
    grown, kept = ((memory[when] - memory["before"]) / count for when in ("there", "after"))
    rows: list[tuple[Cell, ...]] = [
        ("runs with all their epochs or steps", f"{count}", done, held(done == count)),
        ("longest wait for the first point (s)", "10", float(waits.max()), held(bool(waits.max() <= 10))),
        ("median wait (s)", "–", float(np.median(waits)), ""),
        ("between two updates, median (ms)", "–", 1e3 * share(gaps, 50), ""),
        ("between two updates, p95 (ms)", "–", 1e3 * share(gaps, 95), ""),
        ("round trip of the page, median (ms)", "–", 1e3 * share(pages, 50), ""),
        ("round trip of the page, p95 (ms)", "300", 1e3 * share(pages, 95), held(share(pages, 95) <= 0.3)),
        ("updates a second of a page, mean", "–",
         float(np.mean([outcome.updates / outcome.seconds for outcome in outcomes])), ""),
        ("a session, mean (KB/s)", "60", float(np.mean(rates)), held(float(np.mean(rates)) <= 60)),
        ("a session, most (KB/s)", "–", max(rates), ""),
        ("growth per session while they are there (MB)", "10", grown, held(grown <= 10)),
        ("growth per session after they left (MB)", "0.5", kept, held(kept <= 0.5)),
        ("errors in the logs and on the pages", "0", len(errors), held(not errors)),
        ("all done after (s)", "–", seconds, ""),
        ("workers killed", "–", kills, "")]
    verdicts = np.asarray([outcome.verdict for outcome in outcomes if outcome.assignment.lesson])
    if len(verdicts):
        known = int(np.isfinite(verdicts).sum())
        rows += [("verdicts in lessons", f"{len(verdicts)}", known, held(known == len(verdicts))),
                 ("longest wait for a verdict (s)", "–", float(np.nanmax(verdicts)), ""),
                 ("median wait for a verdict (s)", "–", float(np.nanmedian(verdicts)), "")]
    watched = [outcome for outcome in outcomes if outcome.assignment.page]
    if watched:
        waits = np.asarray([outcome.first_point for outcome in watched])
        most = max(outcome.bytes / 1e3 / outcome.seconds for outcome in watched)
        rows += [("longest wait for an agent's first episode (s)", "10", float(waits.max()),
                  held(bool(waits.max() <= 10))),
                 ("a session with agents, most (KB/s)", "60", most, held(most <= 60))]
    compared = [apart(outcome.curves, outcome.expected) for outcome in outcomes
                if outcome.expected is not None]
    if compared:
        same = sum(difference <= 1e-3 for difference in compared)
        every = held(same == len(compared))
        rows.append(("curves as in an undisturbed run", f"{len(compared)}", same, every))
        rows.append(("largest difference of a curve (%)", "0.1", 100 * max(compared), ""))
    return ReportTable(f"A class of {count}", ("what", "wanted", "measured", "holds"), tuple(rows), NOTE)


def share(values: Sequence[float], percent: float) -> float:
    """A percentile, NaN where there are no values."""
    return float(np.percentile(values, percent)) if values else float("nan")


def held(holds: bool) -> str:
    """The last column of a row that has something wanted."""
    return "yes" if holds else "no"

