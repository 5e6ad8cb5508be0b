"""The coach's card of the live panel, as plain data."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any

from core.coach.advice import Advice
from core.coach.outcomes import AdviceOutcome, outcome, taken
from core.coach.rules import advise
from core.coach.run_summary import counted
from core.runs.run import Run

# The latest advice is kept for this many runs: several pages ask for it, each at every update.
KEPT = 128
NOTHING = "Coach: nothing to change."
_said: OrderedDict[str, tuple[Hashable, tuple[Advice, ...]]] = OrderedDict()
_came: OrderedDict[str, tuple[Hashable, AdviceOutcome | None]] = OrderedDict()


def advice_of(run: Run | None) -> tuple[Advice, ...]:
    """The coach's advice for a run; recomputed only if the run has made progress since last time."""
    if run is None:
        return ()
    key = _key(run)
    kept = _said.get(run.id)
    if kept is None or kept[0] != key:
        kept = key, advise(run.config, run.history, run.status)
        _keep(_said, run.id, kept)
    return kept[1]


def _key(run: Run) -> Hashable:
    history = run.history
    if run.active:
        return run.attempt, counted(len(history.epochs))
    return run.attempt, run.status, history.version


def outcome_of(run: Run | None, runs: Sequence[Run]) -> AdviceOutcome | None:
    """Whether advice for an earlier one of `runs` led to this run and helped; None until it has ended."""
    if run is None or run.active:
        return None
    earlier = [other for other in runs if other.created < run.created and not other.active]
    key = (_key(run), tuple(_key(other) for other in earlier))
    kept = _came.get(run.id)
    if kept is None or kept[0] != key:
        kept = key, _outcome(run, earlier)
        _keep(_came, run.id, kept)
    return kept[1]


def _outcome(run: Run, earlier: Sequence[Run]) -> AdviceOutcome | None:
    for before in sorted(earlier, key=lambda before: -before.created):
        advice = taken(before, advice_of(before), run)
        if advice is not None:
            return outcome(before, advice, run)
    return None


def _keep(kept: OrderedDict[str, Any], name: str, value: Any) -> None:
    kept[name] = value
    kept.move_to_end(name)
    while len(kept) > KEPT:
        kept.popitem(last=False)


def coach_key(run: Run | None, runs: Sequence[Run] = ()) -> Hashable:
    """Changes when `coach_part` does."""
    return (outcome_of(run, runs),
            *((advice.name, advice.evidence, advice.button) for advice in advice_of(run)))


def coach_part(run: Run | None, runs: Sequence[Run] = ()) -> dict[str, Any]:
    """The coach's advice for a run as plain dicts, most important first.

    runs: all runs, to find the one whose advice this run may have followed; its outcome is shown first.
    The result's `line` is shown while there is no advice.
    """
    said, came = advice_of(run), outcome_of(run, runs)
    advice = [{"name": item.name, "title": item.title, "evidence": item.evidence, "text": item.text,
               "button": item.button} for item in said]
    line = "" if run is None or run.active else NOTHING
    if came is not None and advice:
        advice.insert(0, {"name": "outcome", "title": came.verdict, "evidence": came.evidence, "text": "",
                          "button": ""})
    elif came is not None:
        line = f"{came.verdict}. {came.evidence} {line}"
    return {"line": line, "advice": advice}
