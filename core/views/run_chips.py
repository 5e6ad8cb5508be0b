"""The runs of a learner as chips: each named by what differs from the run before it."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from core.charts.palette import RUN_COLORS
from core.comparison.columns import field_label, flat, worded
from core.datasets.some_classes import CLASSES
from core.metrics.measures import MEASURES
from core.runs.config import RunConfig
from core.runs.continuing import continues
from core.runs.fields import with_later
from core.runs.run import Run
from core.views.start_words import continued, started, steps_per_epoch, transfer
from core.views.status import NONE, WORDS

MOST_NAMED = 2
SAME = "same settings"
# Beside these, their labels say nothing new: tanh, Adam, 16-16.
PLAIN = ("dataset", "architecture", "activation", "optimizer", "loss", "schedule", "initializer")


def run_chips(runs: Sequence[Run], shown: str | None, overlaid: Collection[str],
              task: str | None = None) -> list[dict[str, Any]]:
    """The runs for the row of chips, in the order given. task: of the chart that they may be laid under."""
    chips = []
    for run, before in zip(runs, [None, *runs], strict=False):
        word, sign = WORDS[run.status]
        found, measure = run.history.evaluation, MEASURES[run.config.data.task]
        chips.append({"id": run.id, "name": run.name, "dataset": run.config.data.label,
                      "differs": difference(run.config, before and before.config, steps_per_epoch(run)),
                      "started": started(run),
                      "color": RUN_COLORS[run.slot % len(RUN_COLORS)],
                      "status": run.status, "word": word, "sign": sign, "shown": run.id == shown,
                      "continues": continues(run), "active": run.active,
                      "overlaid": run.id in overlaid,
                      "measure": f"test {measure.later}", "comparable": task in (None, run.config.data.task),
                      "accuracy": measure.write(found.metric) if found and found.complete else NONE})
    return chips


@lru_cache(maxsize=512)
def difference(config: RunConfig, before: RunConfig | None, each: int | None = None) -> str:
    """What `config` has that the run before it had not, in a few words; dataset and name if much differs.

    What only comes along is left out: the own settings of a new dataset, architecture, optimizer or loss.
    each: steps in an epoch of the run that it started from, if it did; None if unknown.
    """
    if config.start is not None:
        # Compared with what it went on from, which need not be the run before.
        others = difference(config.replaced(start=None), config.start.config.replaced(start=None))
        said = (continued(config, config.start, each), transfer(config), "" if others == SAME else others)
        return ", ".join(filter(None, said))
    if before is None:
        return f"{config.data.label}: {config.name}"
    now, then = (flat(with_later(each.to_dict())) for each in (config, before))
    now = {name: "all" for name in then if name == f"dataset.{CLASSES}"} | now
    differing = [name for name in now if now[name] != then.get(name)]
    chosen = {name for name in differing if "." not in name}
    said = [_said(name, now[name]) for name in differing
            if name.partition(".")[0] not in chosen or "." not in name]
    more = len(said) - MOST_NAMED
    if more > 0 and before.data.key != config.data.key:
        return f"{config.data.label}: {config.name}"
    return ", ".join(said[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "") or SAME


def _said(name: str, cell: Any) -> str:
    """One setting in words: `tanh`, `epochs 200`, `16-16-16`."""
    word = worded(name, cell)
    value = f"{word:g}" if isinstance(word, float) else str(word)
    if name in PLAIN or name.endswith((".hidden_units", ".filters")):
        return value
    label = field_label(name).lower()
    return label if value == "yes" else f"no {label}" if value == "no" else f"{label} {value}"
