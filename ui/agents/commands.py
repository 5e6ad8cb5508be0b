"""Commands: what a browser can ask of the Agents page, whether the stream brings it or a script run.

A browser can send anything: every value is checked here, and runs are looked up among the browser's own.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from core.agents.run import AgentRun
from core.errors import UserError
from core.views.agents.bar import effective
from ui.agents.stage import PACES, STEP_UNITS, AgentStage
from ui.live.rewinding import rewind

# After these a learner wants to see the run as it is now.
GOES_ON = ("train", "resume", "step", "reset", "show", "stop")


def obey(stage: AgentStage, name: Any, value: Any = None) -> None:
    """Carry out a command. Why it is refused stands in `stage.refused`; nonsense has no effect."""
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        return
    with stage.lock:
        stage.refused, stage.pressed = None, time.monotonic()
        if name in GOES_ON:
            stage.rewound = None
        try:
            command(stage, value)
        except UserError as error:
            stage.refused = error.message


def _train(stage: AgentStage, _: Any) -> None:
    config, run = stage.choices, stage.shown
    if config is None:
        stage.refused = stage.cannot
    elif run and run.active and effective(run) == config:
        stage.control(paused=False)  # it learns already, or waits to go on
    else:
        begun = stage.begin(config)
        # Of two that learn at once, only one is watched.
        if begun and run and run.active:
            stage.service.stop(stage.owner, run.id)


def _step(stage: AgentStage, _: Any) -> None:
    run = stage.shown
    if run is None or not run.active:
        if stage.choices is None:
            stage.refused = stage.cannot
            return
        run = stage.begin(stage.choices, paused=True)
    if run and run.controls.paused:
        unit = STEP_UNITS[stage.unit]
        stage.control(**{unit: getattr(run.controls, unit) + 1})


def _pace(stage: AgentStage, value: Any) -> None:
    if isinstance(value, str) and value in PACES:
        stage.pace = value
        stage.control(pace=PACES[value])


def _unit(stage: AgentStage, value: Any) -> None:
    if isinstance(value, str) and value in STEP_UNITS:
        stage.unit = value


def _of_run(act: Callable[[AgentStage, AgentRun], None]) -> Callable[[AgentStage, Any], None]:
    """A command whose value names a run."""
    def command(stage: AgentStage, value: Any) -> None:
        run = stage.named(value) if isinstance(value, str) else None
        if run is not None:
            act(stage, run)

    return command


def _show(stage: AgentStage, run: AgentRun) -> None:
    stage.chosen = run.id


def _overlay(stage: AgentStage, run: AgentRun) -> None:
    stage.laid = None if stage.laid == run.id else run.id


COMMANDS: Mapping[str, Callable[[AgentStage, Any], None]] = {
    "train": _train,
    "pause": lambda stage, _: stage.control(paused=True),
    "resume": lambda stage, _: stage.control(paused=False),
    "step": _step,
    "stop": lambda stage, _: stage.control(stopped=True),
    "reset": lambda stage, _: stage.reset(),
    "pace": _pace,
    "unit": _unit,
    "rewind": lambda stage, value: rewind(stage, stage.shown, value),
    "show": _of_run(_show),
    "overlay": _of_run(_overlay),
    "forget": _of_run(AgentStage.forget),
}
