"""The configurations of runs as columns, and which of these differ."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

from core.fields import OWN
from core.store import Kept

# A value for a cell: a number stays one, so that it sorts and can be an axis.
Cell = str | float | int | None
LONGEST = 60
# Of a learner's own table: tells it from others, and says nothing to anybody.
UNSAID = frozenset({"dataset.digest"})


@dataclass(frozen=True)
class Column:
    """One column. cells: of each run, in their order; None where a run has no such field."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1

    @property
    def is_number(self) -> bool:
        return all(isinstance(one, int | float) or one is None for one in self.cells) \
            and any(one is not None for one in self.cells)


def flat(config: Mapping[str, Any]) -> dict[str, Cell]:
    """A configuration's fields, those of its parts with a dot, as in a link: `optimizer.beta_1`."""
    return _flat(json.dumps(config))


# A page asks for the same runs at every click.
@lru_cache(maxsize=4096)
def _flat(config: str) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for name, value in json.loads(config).items():
        if isinstance(value, Mapping):
            prefix = OWN[name].prefix if name in OWN else name
            cells |= {f"{prefix}.{key}": cell(one) for key, one in value.items()}
        else:
            cells[name] = cell(value)
    return {name: one for name, one in cells.items() if name not in UNSAID}


def cell(value: Any) -> Cell:
    """A value as it stands in a table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) or value is None:
        return value
    if isinstance(value, list | tuple):
        if any(isinstance(one, list | tuple | Mapping) for one in value):
            return _structured(value)
        return _short("-".join(str(one) for one in value)) or "none"
    return _short(str(value))


def columns(runs: Sequence[Kept], only_differing: bool = True) -> list[Column]:
    """The configurations of `runs` as columns; those that differ come first, all in the config's order."""
    rows = [flat(one.config) for one in runs]
    # In a dict, which keeps its order.
    names = {name: None for row in rows for name in row}
    made = [Column(name, tuple(row.get(name) for row in rows)) for name in names]
    differing = [one for one in made if one.differs]
    return differing if only_differing else [*differing, *(one for one in made if not one.differs)]


def labels(runs: Sequence[Kept]) -> list[str]:
    """A name for each run that tells it from the others: its own, and where need be what differs."""
    names = [one.name for one in runs]
    if len(set(names)) < len(names):
        said = columns(runs)[:3]
        names = [" ".join([name, *(f"{_last(one.name)}={one.cells[place]}" for one in said
                                   if one.cells[place] is not None
                                   and str(one.cells[place]) not in name.split())])
                 for place, name in enumerate(names)]
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(f"{name} ({seen[name]})" if names.count(name) > 1 else name)
    return told


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


def _structured(value: Sequence[Any]) -> str:
    """Lists of layers and of points: their kinds, or how many."""
    kinds = [one["kind"] for one in value if isinstance(one, Mapping) and isinstance(one.get("kind"), str)]
    # Layers of the same kinds may differ in their numbers, which a short text cannot say: a short sum can.
    said = " ".join(kinds) if len(kinds) == len(value) else f"{len(value)} points"
    return f"{_short(said)} #{crc32(repr(value).encode()) % 0x1000:03x}"
