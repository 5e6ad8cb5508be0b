"""The runs of agents as chips: each named by what differs from the run before it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from core.agents.config import AgentConfig
from core.agents.returns import WINDOW, recent
from core.agents.run import AgentRun
from core.charts.palette import RUN_COLORS
from core.formatting import number
from core.parameters import Choice
from core.views.run_chips import MOST_NAMED, SAME
from core.views.status import NONE, WORDS


def agent_chips(runs: Sequence[AgentRun], shown: AgentRun | None, behind: str | None) -> list[dict[str, Any]]:
    """The runs for the row of chips, in the order given. behind: the id of the one drawn behind the shown."""
    chips = []
    for run, before in zip(runs, [None, *runs], strict=False):
        word, sign = WORDS[run.status]
        episodes = run.history.episodes
        mean = number(float(np.nanmedian(recent(episodes, run.config.agents)))) if len(episodes) else NONE
        chips.append({"id": run.id, "name": run.config.way.label, "dataset": run.config.world.label,
                      "differs": difference(run.config, before and before.config), "started": "",
                      "color": RUN_COLORS[run.slot % len(RUN_COLORS)], "status": run.status, "word": word,
                      "sign": sign, "shown": shown is not None and run.id == shown.id, "continues": False,
                      "active": run.active, "overlaid": run.id == behind,
                      "measure": f"mean return of the last {WINDOW} episodes",
                      "comparable": shown is None or run.config.environment == shown.config.environment,
                      "accuracy": mean, "forgotten": "Nothing of it is kept"})
    return chips


@lru_cache(maxsize=256)
def difference(config: AgentConfig, before: AgentConfig | None) -> str:
    """What `config` has that the run before it had not, in a few words; its name if much differs."""
    if before is None or config.environment != before.environment:
        return config.name
    said = [word for name, word in changes(before, config).items()
            # The own settings of another method only come along.
            if not (name.startswith("method.") and config.method != before.method)]
    more = len(said) - MOST_NAMED
    return ", ".join(said[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "") or SAME


def changes(before: AgentConfig, after: AgentConfig) -> dict[str, str]:
    """What differs in `after`, in words, by the dotted name of each parameter."""
    then, now, known = before.values(), after.values(), after.parameters()
    return {name: _said(after, name) for name in known if now[name] != then.get(name)}


def _said(config: AgentConfig, name: str) -> str:
    """One setting in words: `epsilon 0`, `another board`, `DQN (network)`."""
    parameter, value = config.parameters()[name], config.values()[name]
    if name in ("environment", "method"):
        return (config.world if name == "environment" else config.way).label
    if name == "environment.board":
        return "another board"
    label = parameter.label.lower()
    if isinstance(value, bool):
        return label if value else f"no {label}"
    if isinstance(value, float) or isinstance(parameter, Choice):
        return f"{label} {value:g}" if isinstance(value, float) else str(value)
    return f"{label} {parameter.format(value)}"
