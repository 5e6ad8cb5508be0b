"""The coach's part of the live panel, as plain data."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from core.coach.advice import Advice
from core.coach.rules import advise
from core.coach.seen import counted
from core.run import Run

# What was said last of so many runs is kept: several pages ask, each at every update.
KEPT = 128
NOTHING = "The coach sees nothing to change in this run."
_said: OrderedDict[str, tuple[Hashable, tuple[Advice, ...]]] = OrderedDict()


def advice_of(run: Run | None) -> tuple[Advice, ...]:
    """What the coach says of a run; worked out only where there is more to look at than last time."""
    if run is None:
        return ()
    key = _key(run)
    kept = _said.get(run.id)
    if kept is None or kept[0] != key:
        kept = key, advise(run.config, run.history, run.status)
        _said[run.id] = kept
        _said.move_to_end(run.id)
        while len(_said) > KEPT:
            _said.popitem(last=False)
    return kept[1]


def _key(run: Run) -> Hashable:
    history = run.history
    if run.active:
        return run.attempt, counted(len(history.epochs))
    return run.attempt, run.status, history.version


def coach_key(run: Run | None) -> Hashable:
    """Changes when `coach_part` does."""
    return tuple((one.name, one.evidence, one.button) for one in advice_of(run))


def coach_part(run: Run | None) -> dict[str, Any]:
    """What the coach says of a run, as plain dicts, the most important first.

    line: what stands in its place while it says nothing.
    """
    said = advice_of(run)
    advice = [{"name": one.name, "title": one.title, "evidence": one.evidence, "text": one.text,
               "button": one.button} for one in said]
    return {"line": "" if run is None or run.active else NOTHING, "advice": advice}
