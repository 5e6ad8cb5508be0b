"""The configs of runs as table columns, and which columns differ."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

from core.metrics.measures import FURTHER
from core.runs.fields import NESTED, PARAMETERS, option_label, with_later
from core.store import StoredRun

# What a cell can hold: a number stays a number, so that it can be sorted and be an axis.
Cell = str | float | int | None
LONGEST = 60
# Identifies a learner's own table; means nothing to a reader.
UNSAID = frozenset({"dataset.digest"})


# Results that are shares of 1.
SHARES = frozenset({"Test accuracy", "Val. accuracy", "Test guessed", "Val. guessed",
                    *(measure.label for measure in FURTHER.values() if measure.is_share)})
# Labels for fields that would otherwise be called the same as one of the results.
RENAMED = {"loss": "Loss function", "start": "Starts from"}


@dataclass(frozen=True)
class ConfigColumn:
    """One column of a table of runs.

    Attributes:
        cells: one per run, in their order; None if a run has no such field.
        label: its name on a page, if that differs from `name`.
    """

    name: str
    cells: tuple[Cell, ...]
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.label or self.name)

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1

    @property
    def spreads(self) -> bool:
        """Whether at least two runs have different values, as an axis needs."""
        return len(set(self.cells) - {None}) > 1

    @property
    def is_number(self) -> bool:
        return all(isinstance(value, int | float) or value is None for value in self.cells) \
            and any(value is not None for value in self.cells)


def flat(config: Mapping[str, Any]) -> dict[str, Cell]:
    """A configuration's fields, those of its parts with a dot, as in a link: `optimizer.beta_1`."""
    return _flat(json.dumps(config))


# Cached, because a page asks for the same runs at every click.
@lru_cache(maxsize=4096)
def _flat(config: str) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for name, value in json.loads(config).items():
        if name == "start":
            cells[name] = _start(value)
        elif isinstance(value, Mapping):
            prefix = NESTED[name].prefix if name in NESTED else name
            cells |= {f"{prefix}.{key}": cell(own) for key, own in value.items()}
        else:
            cells[name] = cell(value)
    return {name: entry for name, entry in cells.items() if name not in UNSAID}


def cell(value: Any) -> Cell:
    """A value as text for a table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) or value is None:
        return value
    if isinstance(value, list | tuple):
        if any(isinstance(item, list | tuple | Mapping) for item in value):
            return _structured(value)
        return _short("-".join(str(item) for item in value)) or "none"
    return _short(str(value))


def columns(runs: Sequence[StoredRun], only_differing: bool = True) -> list[ConfigColumn]:
    """The configurations of `runs` as columns; those that differ come first, all in the config's order."""
    rows = [flat(run.config) for run in runs]
    # A dict, because it keeps the order.
    names = {name: None for row in rows for name in row}
    called = {name: field_label(name) for name in names}
    twice = {label for label, count in Counter(called.values()).items() if count > 1}
    left_out = flat(with_later({}))
    made = [ConfigColumn(name, tuple(row.get(name, left_out.get(name)) for row in rows),
                   f"{label} ({name.partition('.')[0]})" if label in twice else label)
            for name, label in called.items()]
    differing = [column for column in made if column.differs]
    return differing if only_differing else [*differing, *(column for column in made if not column.differs)]


def labels(runs: Sequence[StoredRun]) -> list[str]:
    """A name for each run that distinguishes it: its own name and, if needed, the settings that differ."""
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        said = columns(runs)[:3]
        called = Counter(field_label(column.name) for column in said)
        # Say which part a field belongs to only if another field has the same name.
        titles = [own if called[own := field_label(column.name)] == 1 else column.label for column in said]
        names = [", ".join([name, *(f"{title.lower()} {word}"
                                    for column, title in zip(said, titles, strict=True)
                                    if (word := worded(column.name, column.cells[place])) is not None
                                    and not {str(word), str(column.cells[place])} & set(name.split()))])
                 for place, name in enumerate(names)]
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(f"{name} ({seen[name]})" if names.count(name) > 1 else name)
    return told


def worded(name: str, cell: Cell) -> Cell:
    """A cell of the column `name` in words: the option's label in the form, such as a dataset's."""
    return option_label(name, cell) if isinstance(cell, str) else cell


def columns_in_words(runs: Sequence[StoredRun], only_differing: bool = True) -> list[ConfigColumn]:
    """`columns` as a page shows them, with the form's labels for fields and options."""
    return [replace(column, cells=tuple(worded(column.name, value) for value in column.cells))
            for column in columns(runs, only_differing)]


@cache
def field_label(name: str) -> str:
    """A field's label in the tables, such as that of `optimizer.beta_1`; its name if no table has it now."""
    prefix, _, own = name.partition(".")
    if not own:
        return RENAMED.get(name) or (PARAMETERS[name].label if name in PARAMETERS else name)
    tables = [nested.table for nested in NESTED.values() if nested.prefix == prefix]
    return next((parameter.label for table in tables for entry in table.values()
                 for parameter in entry.parameters if parameter.name == own), name)


def _start(value: Any) -> Cell:
    """Where a run's first weights are from. A checksum tells starts apart that stop at the same step."""
    if not isinstance(value, Mapping):
        return None
    where = "end" if value.get("at") == "kept" else f"step {value.get('at')}"
    where += "".join(f", {value[name]} {word}" for name, word in (("layers", "layers"), ("frozen", "frozen"))
                     if isinstance(value.get(name), int))
    return f"{where} #{crc32(json.dumps(value, sort_keys=True).encode()) % 0x1000:03x}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


def _structured(value: Sequence[Any]) -> str:
    """Lists of layers and of points: their kinds, or how many."""
    kinds = [layer["kind"] for layer in value
             if isinstance(layer, Mapping) and isinstance(layer.get("kind"), str)]
    # Layers of the same kinds may differ in their numbers: a checksum tells them apart in a short text.
    said = " ".join(kinds) if len(kinds) == len(value) else f"{len(value)} points"
    return f"{_short(said)} #{crc32(repr(value).encode()) % 0x1000:03x}"
