"""What the world's picture is drawn from: where the agent is, what it believes, how it plays."""

import math
from typing import Any

import numpy as np

from core.agents.config import AgentConfig
from core.agents.events import AGENT, LENGTH, RETURN, STEP, AgentSnapshot, Situation
from core.agents.run import AgentRun
from core.formatting import rounded, typed
from core.views.patches import Patch

# Up to this pace, in steps a second, the agent is shown where it is while it learns; beyond, too many steps
# lie between two pictures, and it plays demonstrations.
MOST_LIVE = 20.0
# More episodes than can end in one step of ten agents.
MOST_AT_ONCE = 256


def follows(run: AgentRun) -> bool:
    """Whether to show where the agent is while it learns, instead of its demonstrations."""
    pace = run.controls.pace
    slow = pace is not None and pace <= MOST_LIVE
    return run.active and (run.controls.paused or slow) and not run.rewound


def world(run: AgentRun | None, choices: AgentConfig | None) -> Patch:
    """The environment of the shown run, or of the choices, and where the watched agent is."""
    config = run.config if run else choices or AgentConfig()
    snapshot = run.history.snapshot if run else None
    live = run is not None and snapshot is not None and follows(run)
    now = snapshot.now if snapshot else None
    going = run is not None and run.active and not (run.controls.paused or run.rewound)
    key = (_environment_key(config), run and run.id, run and run.attempt, snapshot and snapshot.step,
           now and (now.length, now.total), live, going)
    return Patch(key, lambda: {
        "environment": config.environment, "actions": list(config.world.actions),
        "policy": config.way.policy, "grid": _grid(config), "step": snapshot.step if snapshot else 0,
        "now": _now(now) if now else None, "live": live,
        "last": _last(run) if run and live and now and not now.length else None,
        # Whether newer demonstrations come by themselves: the one that plays then plays to its end.
        "going": going,
        # Tells one run from another, and an attempt from the one before.
        "name": f"{run.id}.{run.attempt}" if run else ""})


def beliefs(run: AgentRun | None, snapshot: AgentSnapshot | None) -> Patch:
    """What the agent expects everywhere: a part of its own, because it is large and changes more slowly."""
    if run is None or snapshot is None:
        return Patch(None, lambda: {"values": None, "scores": None})
    return Patch((run.id, run.attempt, snapshot.step), lambda: {
        "values": typed(snapshot.values.astype(np.float32).ravel()),
        "scores": typed(snapshot.scores.astype(np.float32).ravel())})


def rollout(run: AgentRun | None, snapshot: AgentSnapshot | None) -> Patch:
    """The newest demonstration."""
    if run is None or snapshot is None or not len(snapshot.rollout.actions):
        return Patch(None, lambda: {"step": -1})
    found = snapshot.rollout
    return Patch((run.id, run.attempt, snapshot.rollout_step), lambda: {
        "step": snapshot.rollout_step, "total": _finite(found.total), "ended": bool(found.ended),
        "actions": typed(found.actions.astype(np.int16)),
        **{name: typed(getattr(found, name).astype(np.float32).ravel())
           for name in ("observations", "scores", "values")}})


def _environment_key(config: AgentConfig) -> tuple[Any, ...]:
    grid = config.grid
    return config.environment, config.method, grid and (grid.rows, tuple(grid.rewards.items()), grid.step,
                                                        grid.slip, grid.wind)


def _grid(config: AgentConfig) -> dict[str, Any] | None:
    grid = config.grid
    return None if grid is None else {
        "rows": list(grid.rows), "rewards": grid.rewards, "step": grid.step, "slip": grid.slip,
        "wind": grid.wind, "most_steps": config.world.most_steps}


def _now(now: Situation) -> dict[str, Any]:
    return {"observation": rounded(now.observation.astype(float).ravel()),
            "scores": rounded(now.scores.astype(float).ravel()), "value": _finite(now.value),
            "action": int(now.action), "total": _finite(now.total), "length": int(now.length)}


def _last(run: AgentRun) -> dict[str, Any] | None:
    """The watched agent's episode that has just ended; None if none has.

    Its own copy of the environment comes first among those in which an episode ended in the same step.
    """
    snapshot, rows = run.history.snapshot, run.history.episodes[-MOST_AT_ONCE:]
    ended = rows[(rows[:, AGENT] == 0) & (rows[:, STEP] == snapshot.step)] if snapshot else rows[:0]
    return None if not len(ended) else {"total": _finite(ended[0, RETURN]), "length": int(ended[0, LENGTH])}


def _finite(value: float) -> float | None:
    return float(f"{value:.4g}") if math.isfinite(value) else None
