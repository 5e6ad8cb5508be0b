"""The coach's line as the page shows it: each advice with what its button changes, or why it cannot."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

from core.coach import advice_of, coach_key, coach_part
from core.comparison.columns import field_label, flat, worded
from core.parameters import FieldError
from core.runs.config import PARAMETERS, RunConfig
from core.runs.fields import with_later
from core.runs.run import Run

MOST_NAMED = 3


def coach_card(run: Run | None, runs: Sequence[Run], kept: Collection[str]) -> dict[str, Any]:
    """`coach_part`, with `changes` and `refused` for each advice. kept: what the link locks or hides."""
    part, changes = coach_part(run, runs), {advice.name: advice.change for advice in advice_of(run)}
    for advice in part["advice"]:
        change = changes.get(advice["name"], {})
        advice["changes"] = changed(run.config, change) if run else ""
        advice["refused"] = refused(change, kept)
    return part


def coach_card_key(run: Run | None, runs: Sequence[Run], kept: Collection[str]) -> Hashable:
    """Changes when `coach_card` does."""
    return coach_key(run, runs), tuple(sorted(kept)), run is not None and run.active


def changed(config: RunConfig, change: Mapping[str, Any]) -> str:
    """What a change does to a config, in a few words: `epochs 60 → 200`; empty for none."""
    try:
        before, after = (flat(with_later(each.to_dict())) for each in (config, config.replaced(**change)))
    except FieldError:
        return ""
    names = [name for name in after if after[name] != before.get(name)]
    said = [f"{field_label(name).lower()} " + " → ".join(
        _said(name, cells[name]) for cells in (before, after) if name in cells) for name in names]
    return ", ".join(said[:MOST_NAMED]) + (f" and {len(said) - MOST_NAMED} more" * (len(said) > MOST_NAMED))


def refused(change: Mapping[str, Any], kept: Collection[str]) -> str:
    """Why the link does not allow a change; empty if it does."""
    names = [PARAMETERS[field].label.lower() if field in PARAMETERS else "the layers"
             for field in sorted(set(change) & set(kept))]
    return f"The link that opened this page keeps this as it is: {', '.join(names)}." if names else ""


def _said(name: str, cell: Any) -> str:
    word = worded(name, cell)
    return f"{word:g}" if isinstance(word, float) else str(word)
