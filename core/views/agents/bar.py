"""The run bar of an agent's run and its slider: what can be pressed, and what is chosen."""

from dataclasses import replace
from typing import Any

from core.agents.config import AgentConfig
from core.agents.run import AgentRun
from core.views.patches import Patch
from core.views.run_bar import enabled


def effective(run: AgentRun) -> AgentConfig:
    """The settings of a run as they are now, with the numbers that were changed while it learned."""
    return replace(run.config, **run.controls.numbers)


def agent_bar(run: AgentRun | None, choices: AgentConfig | None, pace: str, unit: str, refused: str | None,
              menus: dict[str, list[str]]) -> Patch:
    """The part of the page that says what the run bar shows; see `core.views.run_bar.run_bar`.

    choices: what Train would train; None if that cannot be trained.
    """
    alike = run is not None and effective(run) == choices
    first = "train" if run is None or not run.active or not alike else (
        "resume" if run.controls.paused else "pause")
    can = enabled(run, choices, alike)
    differs = run is not None and not alike
    content: dict[str, Any] = {
        "shown": [first, *(name for name in ("pause", "resume") if can[name] and name != first)],
        "enabled": [name for name, can_be in can.items() if can_be], "primary": first,
        "pace": pace, "unit": unit, "menus": menus,
        "note": refused or (f"Shown: {run.name}." if run and differs else ""),
        "refused": bool(refused), "over": bool(refused), "continues": False, "onward": "",
        "adopts": differs and not refused, "view": {"auto": False}, "choices": ""}
    return Patch(tuple(map(str, content.values())), lambda: content)


def agent_rewind(run: AgentRun | None, moment: int | None) -> Patch:
    """The part that says what the slider of the run bar spans: see `core.views.run_bar.rewind`."""
    progress = run.history.progress if run else None
    if run is None or progress is None:
        return Patch(None, lambda: {"steps": 0, "each": 1, "epochs": 0, "at": None, "can": False})
    steps = run.config.steps if run.active else progress.step
    content = {"steps": steps, "each": 1, "epochs": run.config.steps, "at": moment,
               "can": len(run.history.moments.kept) > 1}
    return Patch((run.id, *content.values()), lambda: content)
