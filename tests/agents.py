"""Runs of agents made by hand, and a service that keeps them but trains nothing."""

from typing import Any

import numpy as np

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.events import AgentProgress, AgentSnapshot, Rollout, Situation
from core.agents.run import AgentRun
from core.cluster.queue import Refused

BOARD = ("S..", ".#.", "..G")
GRID = AgentConfig(environment_parameters={"board": BOARD}, steps=1000)
CARTPOLE = AgentConfig(environment="cartpole", method="dqn", steps=50_000)


def a_run(config: AgentConfig = GRID, number: int = 1, status: str = "training", **controls: Any) -> AgentRun:
    return AgentRun(str(number), "me", config, number % 8, AgentControls(**controls), status=status)


def episodes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    """Rows of agent, step, return and length."""
    return np.array(rows, np.float32).reshape(-1, 4)


def progress(run: AgentRun, step: int, rows: np.ndarray, loss: float = 0.5, epsilon: float = 0.1) -> None:
    run.history.append(AgentProgress(step, step / 1000, rows, loss, epsilon))


def way(run: AgentRun, step: int, *cells: int) -> None:
    """A snapshot whose demonstration goes through these cells of a grid world."""
    grid = run.config.grid
    assert grid is not None
    count, ended = len(cells) - 1, bool(grid.ends[cells[-1]])
    observed = np.array(cells, np.float32)[:, None]
    shown(run, step, Rollout(observed, np.ones(count, np.int8), np.zeros((count, 4), np.float32),
                             np.zeros(count, np.float32), 0.5, ended), observed[0], grid.cells, 4)


def shown(run: AgentRun, step: int, rollout: Rollout, observation: np.ndarray, states: int,
          actions: int) -> None:
    now = Situation(observation, np.zeros(actions, np.float32), 0.0, -1, 0.0, step % 7)
    run.history.append(AgentSnapshot(step, now, np.full((states, actions), step, np.float32),
                                     np.full(states, step, np.float32), rollout, step))


class FakeAgents:
    """Keeps runs as `AgentService` does, but trains nothing. full: whether it refuses another one."""

    def __init__(self) -> None:
        self.made: list[AgentRun] = []
        self.full = False
        self.expected: AgentConfig | None = None

    def runs(self, owner: str) -> list[AgentRun]:
        return [run for run in self.made if run.owner == owner]

    def expect(self, owner: str, config: AgentConfig) -> None:
        self.expected = config

    def submit(self, owner: str, config: AgentConfig, *, begins_paused: bool = False,
               controls: AgentControls | None = None, host: str = "") -> AgentRun:
        if self.full:
            raise Refused("There is no room.")
        number = len(self.made)
        self.made.append(AgentRun(str(number), owner, config, number % 8,
                                  (controls or AgentControls()).changed(paused=begins_paused),
                                  status="paused" if begins_paused else "training"))
        return self.made[-1]

    def control(self, owner: str, run_id: str, **changes: Any) -> AgentRun:
        run = next(run for run in self.made if (run.owner, run.id) == (owner, run_id))
        run.controls = run.controls.changed(**changes)
        run.status = "stopped" if run.controls.stopped else "paused" if run.controls.paused else "training"
        return run

    def stop(self, owner: str, run_id: str) -> AgentRun:
        return self.control(owner, run_id, stopped=True)

    def remove(self, owner: str, run_id: str) -> None:
        self.made = [run for run in self.made if (run.owner, run.id) != (owner, run_id)]

    def touch(self, owner: str) -> None:
        pass
