"""How soon agents solve their worlds, and their time per step beside plain Python with gymnasium and Keras.

`python -m benchmarks.agents`. A grid world is solved when the arrows lead along a shortest way, CartPole when
the mean return of the last 100 episodes is 475. Each run has one agent and starts from the page's good
settings. `--seconds 20` looks at less of a run that does not solve its world.
"""

import math
import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from statistics import fmean, median

import numpy as np

from benchmarks.report import Cell, Report, ReportTable, arguments, spread
from benchmarks.subjects import fresh_environment
from core.agents.board import GOAL, SMALL
from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.events import RETURN, AgentEvent, AgentProgress, AgentSnapshot
from core.agents.grid import GridWorld
from core.agents.presets import good_start
from core.runs.controls import ControlsMailbox
from core.runs.events import Compiled
from core.settings import from_environment

# Environment, method, and the seconds within which it should be solved; None where nothing is wanted.
SUBJECTS: tuple[tuple[str, str, float | None], ...] = (
    ("grid", "q_learning", 10), ("grid", "sarsa", 10), ("grid", "dqn", 60), ("grid", "policy_gradient", None),
    ("cartpole", "dqn", 120), ("cartpole", "policy_gradient", 120))
SEEDS, EPISODES = 5, 100
TURNS, TURN_SECONDS = 5, 1.0
SOLVE_NOTE = ("From the call to the event that shows it, compiling included, which only the first seed has to"
              " do. Wanted of CartPole: by the better of the two methods, in at least 4 of 5 seeds.")
CURVE_NOTE = ("Median over the seeds (least to most) of the mean return of the last 100 episodes, over the "
              "steps of the page's preset. Agents explore meanwhile.")
STEP_NOTE = ("Medians of turns of a second each, ours and plain Python's one after the other. A step is one "
             "action in each copy of the environment, with its share of the updates; ours includes what is "
             "sent to be shown. Wanted: at most a tenth.")


@dataclass
class SolvedRun:
    """What came of one run.

    Attributes:
        seconds, step: when its world was solved; None if it never was.
        compiling: seconds of it.
        curve: (step, mean return of the last episodes), in order; empty for a grid world.
    """

    seconds: float | None = None
    step: int | None = None
    compiling: float = 0.0
    curve: list[tuple[int, float]] = field(default_factory=list)


def events_of(config: AgentConfig) -> Generator[AgentEvent, None, None]:
    """A run at full speed."""
    from core.training.agents.fit import fit_agents
    return fit_agents(config, ControlsMailbox(AgentControls()), from_environment())


def follow(config: AgentConfig, most: float) -> SolvedRun:
    """Follow a run until its world is solved and the config's steps are taken, for at most `most` seconds."""
    found, returns, began = SolvedRun(), deque[float](maxlen=EPISODES), time.monotonic()
    with closing(events_of(config.replaced(steps=2_000_000))) as events:
        for event in events:
            seconds, solved = time.monotonic() - began, False
            if isinstance(event, Compiled):
                found.compiling = event.seconds
            elif isinstance(event, AgentProgress) and config.grid is None:
                returns.extend(event.episodes[:, RETURN].tolist())
                mean = fmean(returns) if len(returns) == EPISODES else 0.0
                found.curve.append((event.step, mean))
                solved = mean >= (config.world.solved or math.inf)
            elif isinstance(event, AgentSnapshot) and config.grid is not None:
                solved = arrows(config.grid, event.scores) == config.grid.shortest()
            step = getattr(event, "step", 0)
            if solved and found.seconds is None:
                found.seconds, found.step = seconds, step
            done = found.seconds is not None and (config.grid is not None or step >= config.steps)
            if done or seconds > most:
                break
    return found


def arrows(grid: GridWorld, scores: np.ndarray) -> int | None:
    """Steps from the start to a goal along the best actions; None if they lead elsewhere."""
    cell = grid.start
    for step in range(1, grid.cells):
        cell = int(grid.next[cell, scores[cell].argmax()])
        if grid.ends[cell]:
            return step if grid.letters[cell] in (GOAL, SMALL) else None
    return None


def solving(runs: Mapping[tuple[str, str], Sequence[SolvedRun]]) -> ReportTable:
    """How soon each method solves each world."""
    rows: list[tuple[Cell, ...]] = []
    for environment, method, wanted in SUBJECTS:
        found = runs[environment, method]
        seconds = [run.seconds for run in found if run.seconds is not None]
        steps = [run.step for run in found if run.step is not None]
        within = sum(second <= wanted for second in seconds) if wanted is not None else None
        rows.append((good_start(environment, method).name, wanted, f"{len(seconds)} of {len(found)}", within,
                     *(spread(seconds) if seconds else (None,) * 3), median(steps) if steps else None,
                     max(run.compiling for run in found)))
    columns = ("run", "wanted (s)", "seeds", "seeds in time", "median (s)", "least (s)", "most (s)",
               "median (steps)", "compiling (s)")
    return ReportTable("Until it is solved", columns, tuple(rows), SOLVE_NOTE)


def curves(runs: Mapping[tuple[str, str], Sequence[SolvedRun]]) -> ReportTable:
    """CartPole's returns over the steps of the presets, whatever became of them."""
    rows: list[tuple[Cell, ...]] = []
    for (environment, method), found in runs.items():
        config = good_start(environment, method)
        if config.grid is not None:
            continue
        for tenth in range(1, 11):
            step = config.steps * tenth // 10
            means = [max((point for point in run.curve if point[0] <= step), default=(0, 0.0))[1]
                     for run in found]
            rows.append((config.way.label, step, *spread(means)))
    return ReportTable("CartPole's mean returns", ("method", "step", "median", "least", "most"), tuple(rows),
                       CURVE_NOTE)


class OwnSteps:
    """A run that is asked for its events turn by turn."""

    def __init__(self, config: AgentConfig):
        self._config = config.replaced(steps=2_000_000)
        self._events, self._before, self.taken = events_of(self._config), 0, 0

    def step(self) -> None:
        """As many steps as its next event tells of. A table is through in seconds, and begins again."""
        event = next(self._events, None)
        if event is None:
            self._events, self._before = events_of(self._config), self.taken
        else:
            self.taken = max(self.taken, self._before + getattr(event, "step", 0))


class PlainSteps:
    """The same in plain Python."""

    def __init__(self, config: AgentConfig):
        from benchmarks.plain_agents import PLAIN
        self._agent, self.taken = PLAIN[config.method](config), 0

    def step(self) -> None:
        """A single step."""
        self._agent.step()
        self.taken += 1


def turn(agent: OwnSteps | PlainSteps) -> float:
    """Microseconds per step over about a second."""
    began, before = time.monotonic(), agent.taken
    while (seconds := time.monotonic() - began) < TURN_SECONDS or agent.taken == before:
        agent.step()
    return 1e6 * seconds / (agent.taken - before)


def beside_plain() -> ReportTable:
    """The time per step of both, in turns."""
    rows: list[tuple[Cell, ...]] = []
    for environment, method, _ in SUBJECTS:
        config = good_start(environment, method)
        ours, plain = OwnSteps(config), PlainSteps(config)
        for agent in (ours, plain):
            turn(agent)  # compiles
        turns = [(turn(ours), turn(plain)) for _ in range(TURNS)]
        own, other = (median(times) for times in zip(*turns, strict=True))
        rows.append((config.name, own, other, *spread([one / two for one, two in turns])))
    columns = ("run", "ours (µs)", "plain (µs)", "share", "least", "most")
    return ReportTable("Time per step beside plain Python", columns, tuple(rows), STEP_NOTE)


def main() -> None:
    """Solve each world from several seeds, then time the steps."""
    parser = arguments("Agents: times to solve, and times per step beside plain Python.")
    parser.add_argument("--seconds", type=float, default=120.0, help="the most for one run")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    chosen = parser.parse_args()
    report = Report("agents")
    with fresh_environment():
        runs = {(environment, method): [
            follow(good_start(environment, method).replaced(seed=seed), chosen.seconds)
            for seed in range(chosen.seeds)] for environment, method, _ in SUBJECTS}
        report.add(solving(runs))
        report.add(curves(runs))
        report.add(beside_plain())
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
