"""A run of agents in words and numbers."""

import math
from typing import Any

import numpy as np

from core.agents.board import GOAL, PIT, SMALL
from core.agents.config import AgentConfig
from core.agents.events import AGENT, RETURN, AgentSnapshot
from core.agents.returns import WINDOW, recent
from core.agents.run import AgentRun
from core.formatting import number
from core.views.status import NONE, WORDS, duration

READY = {"status": "ready", "word": "Ready", "sign": "○", "progress": 0.0, "busy": False, "line": [],
         "sentence": "Choose an environment and a method on the left, or just press Train."}
SENTENCES = {"compiling": "JAX compiles the program; then the agent acts and learns.",
             "diverged": "The loss is no longer a number. Lower the learning rate.",
             "failed": "The run could not go on. Try again, or choose a smaller network."}
NAMES = ("Step", "Episode", "Mean return", "Best return", "Epsilon", "Loss", "Time")
# Places of the numbers in the line, and the most characters that each takes with its name.
LINE, ROOM = [0, 1, 2, 4, 5], [22, 14, 18, 13, 14]


def agent_status(run: AgentRun | None) -> dict[str, Any]:
    """The status of a run as plain data; see `core.views.status.status`. `room`: letters for the line."""
    if run is None:
        return {**READY, "room": ROOM, "numbers": _named({})}
    word, sign = WORDS[run.status]
    progress = run.history.progress
    done = progress.step / run.config.steps if progress else 0.0
    return {"status": run.status, "word": word, "sign": sign, "sentence": sentence(run),
            "progress": float(f"{min(done, 1.0):.4g}"), "busy": run.status in ("waiting", "compiling"),
            "line": LINE if progress else [], "room": ROOM, "numbers": _named(_numbers(run))}


def agent_rewound(run: AgentRun, live: AgentRun) -> dict[str, Any]:
    """What the status says otherwise at an earlier moment of a run. live: the run as it is now."""
    goes_on = "The run goes on meanwhile. " if live.status == "training" else ""
    return {"status": "rewound", "word": "Rewound", "sign": "↶", "busy": False,
            "progress": agent_status(live)["progress"],
            "sentence": f"{policy(run)} {goes_on}".strip()}


def sentence(run: AgentRun) -> str:
    """What to know about the run now: its message if it has one, else what it has learned."""
    finished = run.history.finished
    message = run.message or (finished.message if finished else "")
    if message:
        return message
    if run.status == "waiting":
        return f"Number {run.place} in the queue." if run.place else "Starts as soon as there is room."
    return SENTENCES.get(run.status) or policy(run)


def policy(run: AgentRun) -> str:
    """What the agents have learned so far, in a plain sentence."""
    episodes = run.history.episodes
    count = int((episodes[:, AGENT] == 0).sum())
    snapshot = run.history.snapshot
    if run.config.grid is not None and snapshot is not None and len(snapshot.rollout.actions):
        return f"Episode {count:,}: {_way(run.config, snapshot)}"
    if not len(episodes):
        return "The agent has just begun: no episode has ended yet."
    mean = float(np.nanmedian(recent(episodes, run.config.agents)))
    said = f"Mean return of the last {WINDOW} episodes: {number(mean)}" if run.config.agents == 1 else \
        f"Median of {run.config.agents} agents: mean return {number(mean)}"
    solved = run.config.world.solved
    if solved is None:
        return f"{said}."
    return f"{said}, solved." if mean >= solved else f"{said}; from {solved:g} on, it is solved."


def _way(config: AgentConfig, snapshot: AgentSnapshot) -> str:
    """Where the newest demonstration leads in a grid world."""
    grid, rollout = config.grid, snapshot.rollout
    assert grid is not None
    moves, end = len(rollout.actions), grid.letters[int(rollout.observations[-1, 0])]
    if not rollout.ended:
        return "the agent does not find the goal yet."
    if end == PIT:
        return f"the agent walks into a pit after {_moves(moves)}."
    name = {GOAL: "goal", SMALL: "small goal"}.get(end, "end")
    said = f"the way to the {name} takes {_moves(moves)}"
    if grid.slip or grid.wind:
        return f"{said} this time."
    shortest = grid.shortest((end,))
    if moves == shortest:
        return f"{said}, the shortest possible."
    return f"{said}; {shortest} would do."


def _moves(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"


def _named(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": values.get(name, NONE)} for name in NAMES]


def _numbers(run: AgentRun) -> dict[str, str]:
    """Of the first agent its episodes, of several agents the median return and the best one."""
    history, values = run.history, {"Step": f"0 / {run.config.steps:,}"}
    if history.progress:
        now = history.progress
        values |= {"Step": f"{now.step:,} / {run.config.steps:,}", "Episode": "0",
                   "Epsilon": _finite(now.epsilon), "Loss": _finite(now.loss), "Time": duration(now.seconds)}
    if len(history.episodes):
        own = history.episodes
        mean = float(np.nanmedian(recent(own, run.config.agents)))
        values |= {"Episode": f"{int((own[:, AGENT] == 0).sum()):,}", "Mean return": number(mean),
                   "Best return": number(float(own[:, RETURN].max()))}
    return values


def _finite(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else NONE
