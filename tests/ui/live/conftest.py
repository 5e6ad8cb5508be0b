"""A stage whose runs train nothing."""

from typing import Any

import numpy as np
import pytest

from core.cluster.run_service import Refused
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation
from core.runs.run import Run
from core.runs.tried import Tried
from ui.live.commands import obey
from ui.live.stage import Stage
from ui.session.shown_runs import ShownRuns

IRIS = RunConfig(epochs=3)


class Runs:
    """Keeps runs as `RunService` does, but trains nothing. full: whether it refuses another one."""

    def __init__(self) -> None:
        self.made: list[Run] = []
        self.full = False

    def runs(self, owner: str) -> list[Run]:
        return [run for run in self.made if run.owner == owner]

    def expect(self, owner: str, config: RunConfig) -> None:
        self.expected = config

    def submit(self, owner: str, config: RunConfig, *, begins_paused: bool, controls: Controls,
               **_: Any) -> Run:
        if self.full:
            raise Refused("There is no room.")
        self.made.append(Run(str(len(self.made)), owner, config, 0, controls.changed(paused=begins_paused),
                             status="training"))
        return self.made[-1]

    def control(self, owner: str, run_id: str, **changes: Any) -> None:
        run = next(run for run in self.made if (run.owner, run.id) == (owner, run_id))
        run.controls = run.controls.changed(**changes)
        run.status = "stopped" if run.controls.stopped else run.status

    def maps(self, owner: str, run_id: str, example: int) -> None:
        self.control(owner, run_id, example=example)

    def try_it(self, owner: str, run_id: str, tried: Tried | None) -> None:
        self.control(owner, run_id, tried=tried)

    def stop(self, owner: str, run_id: str) -> None:
        self.control(owner, run_id, stopped=True)


@pytest.fixture
def stage() -> Stage:
    made = Stage(ShownRuns(Runs(), "me"))  # type: ignore[arg-type]
    made.choose(IRIS)
    return made


def an_evaluation(step: int) -> Evaluation:
    return Evaluation(step, np.zeros((3, 3), np.int64), 9, 1.0, 0.5, False)


@pytest.fixture
def trained(stage) -> Stage:
    """A stage that shows a run with moments at the steps 3, 6, 9 and 12."""
    obey(stage, "train")
    for step in (3, 6, 9, 12):
        stage.own.shown.history.append(an_evaluation(step))
    return stage


def all_runs(stage: Stage) -> list[Run]:
    return stage.own.runs
