"""The coach's line on the Agents page: each advice with what its button changes."""

from collections.abc import Sequence
from typing import Any

from core.agents.agent_evidence import worse_arrows
from core.agents.agent_summary import summary
from core.agents.config import AgentConfig
from core.agents.run import AgentRun
from core.coach.advice import Advice
from core.coach.part import NOTHING
from core.parameters import FieldError
from core.views.agents.bar import effective
from core.views.agents.chips import changes

UNCLEAR = "Coach: it could do better, but there is no clear cause."


def agent_coach(run: AgentRun | None, advice: Sequence[Advice]) -> dict[str, Any]:
    """What the coach says of a run, as plain data: see `core.coach.part`."""
    said = [{"name": one.name, "title": one.title, "evidence": one.evidence, "text": one.text,
             "button": one.button if one.change else "", "refused": "",
             "changes": changed(effective(run), one)} for one in advice] if run else []
    return {"line": "" if said else _quiet(run), "advice": said}


def _quiet(run: AgentRun | None) -> str:
    """What to say of a run that no rule fits: not that all is well where the best is not reached."""
    seen = None if run is None or run.active else summary(run)
    if seen is None or not len(seen.returns):
        return ""
    return UNCLEAR if seen.fails or (seen.by_chance and worse_arrows(seen)) else NOTHING


def changed(config: AgentConfig, advice: Advice) -> str:
    """What an advice changes in a config, in a few words: `epsilon 0 → 0.1`; empty for nothing."""
    try:
        after = config.replaced(**advice.change)
    except FieldError:
        return ""
    known, then, now = after.parameters(), config.values(), after.values()
    return ", ".join(
        f"{known[name].label.lower()} " + " → ".join(
            _cell(known[name].format(each[name])) for each in (then, now) if name in each)
        for name in changes(config, after))


def _cell(text: str) -> str:
    return text.removesuffix(".0")
