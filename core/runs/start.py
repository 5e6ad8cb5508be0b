"""Start: the weights that a run begins with, where they are not new: another config trained up to a step."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from core.datasets.sharing import may_share
from core.parameters import FieldError, FloatRange, field_name, short_repr
from core.runs.fields import NESTED, PARAMETERS, with_later
from core.runs.taken_layers import ALL, NONE, check_count, check_layers, frozen, taken, weighted

# A `RunConfig`, whose module imports this one.
Config = Any

KEPT = "kept"
MOST_STEP = 60_000_000  # a thousand epochs of 60,000 batches
MOST_CHANGES, MOST_EDITS = 500, 2000
MOST_ROWS = 100_000  # of changes of the learning rate, before those without an effect are left out
MOST_INDEX, MOST_WEIGHT = 5_000_000, 1e6
# A start may itself have a start.
DEEPEST = 2
# A variable's path, as `training.weight_paths` has it.
PATH = re.compile(r"[a-z0-9_]{1,60}(/[a-z0-9_]{1,60}){1,4}")
# Fields that a run takes over from its start.
PREPARED = ("training_size", "label_noise", "imbalance", "scaling", "validation_share")
# Of those, what it takes over even where it learns from other data.
SCALED = ("scaling",)
RATE_FACTOR = FloatRange("rate_factor", "Learning rate factor", "The layers taken over learn at the run's "
                         "learning rate times this. Low: what they learned is kept, and only adapted. Too "
                         "high: it is soon gone. The output layer always learns at the full rate.",
                         0.001, 1.0, 1.0, log=True)
_NAMES = ("config", "at", "learning_rates", "edits", "layers", "frozen", "rate_factor")


@dataclass(frozen=True)
class Start:
    """What is trained before a run, whose weights the run goes on with. Raises `FieldError`.

    Attributes:
        config: what is trained, whole; written as its differences from the run's own config.
        at: after how many of its steps; or `KEPT` for the weights that it keeps at its end, which are those
            of the best epoch if it stops early.
        learning_rates: changes (step, learning_rate) made meanwhile.
        edits: weights set by hand afterwards: (path such as `dense_1/kernel`, flat index, value).
        layers: how many layers with weights are taken over, counted from the input, or `all`; the others are
            new. Where the run answers something else, such as other classes, `all` leaves out the output
            layer.
        frozen: how many of those are not trained any more, or `none`.
        rate_factor: times the learning rate, for the layers taken over; not for the output layer.
    """

    config: Config
    at: int | str
    learning_rates: tuple[tuple[int, float], ...] = ()
    edits: tuple[tuple[str, int, float], ...] = ()
    layers: int | str = ALL
    frozen: int | str = NONE
    rate_factor: float = 1.0

    def __post_init__(self) -> None:
        at = KEPT if isinstance(self.at, str) and self.at == KEPT else (
            _count("start.at", self.at, MOST_STEP, f', or "{KEPT}"'))
        object.__setattr__(self, "at", at)
        for name, word in (("layers", ALL), ("frozen", NONE)):
            object.__setattr__(self, name, check_count(f"start.{name}", getattr(self, name), word))
        object.__setattr__(self, "rate_factor", RATE_FACTOR.check(self.rate_factor,
                                                                  field="start.rate_factor"))
        rates = [_change(row) for row in _rows("learning_rates", self.learning_rates, MOST_ROWS, 2)]
        object.__setattr__(self, "learning_rates", tuple(_rows(
            "learning_rates", effective(rates, self.at), MOST_CHANGES, 2)))
        object.__setattr__(self, "edits", tuple(_edit(row) for row in
                                                _rows("edits", self.edits, MOST_EDITS, 3)))

    def check(self, owner: Config) -> None:
        """Raises `FieldError` where a run of `owner` cannot go on with these weights."""
        if not isinstance(self.config, type(owner)):
            raise FieldError("start.config", "start.config must be a mapping of names to values, got "
                             f"{short_repr(self.config)}.")
        if depth(self) > DEEPEST:
            raise FieldError("start.config.start", "A start may have a start of its own, but that one "
                             "cannot have another.")
        if self.config.data.key != owner.data.key and not _transfers(self.config, owner):
            raise _other_inputs(self.config, owner)
        _check_unseen(self, owner)
        check_layers(self, self.config, owner)

    def goes_on(self, owner: Config) -> bool:
        """Whether the optimizer's state and the order of the examples go on as well, or begin anew.

        They begin anew where the optimizer, the batch size or the data are others, where not the same layers
        are trained, and where early stopping went back to the weights of an earlier epoch, to which the
        optimizer's state does not belong.
        """
        mine, theirs = owner, self.config
        if self.at == KEPT and theirs.patience:
            return False
        if mine.data.key != theirs.data.key or taken(owner) < len(weighted(owner)) \
                or frozen(owner) != frozen(theirs):
            return False
        return (mine.optimizer, mine.optimizer_parameters, mine.batch_size) == (
            theirs.optimizer, theirs.optimizer_parameters, theirs.batch_size)

    def to_dict(self, owner: Mapping[str, Any]) -> dict[str, Any]:
        """Plain JSON, from which `start_from` makes this start again. owner: the other fields of the run."""
        whole, owner = with_later(self.config.to_dict()), with_later(owner)
        # Another entry begins with its own defaults, so what differs from those is said.
        anew = {name for name, own in NESTED.items() if own.choice is not None and _is_set(name, whole)
                and owner.get(own.choice) != whole[own.choice]}
        theirs = {name: value for name, value in whole.items() if owner.get(name) != value or name in anew}
        rates, edits = ([list(row) for row in rows] for rows in (self.learning_rates, self.edits))
        plain = {"config": theirs, "at": self.at, "learning_rates": rates, "edits": edits,
                 "layers": self.layers, "frozen": self.frozen}
        # Left out where it changes nothing: stored starts keep their keys.
        return plain if self.rate_factor == 1 else plain | {"rate_factor": self.rate_factor}


def prepared(start: Start, owner: Config) -> tuple[str, ...]:
    """The fields that a run of `owner` takes over from its start."""
    return PREPARED if start.config.data.key == owner.data.key else SCALED


def effective(rates: Iterable[tuple[int, float]], at: int | str) -> tuple[tuple[int, float], ...]:
    """The learning-rate changes that have an effect on the first `at` steps: the last one of each step."""
    last = dict(sorted(rates, key=lambda row: row[0]))
    return tuple((step, rate) for step, rate in last.items() if isinstance(at, str) or step < at)


def depth(start: Start | None) -> int:
    """How many starts lie behind a run: 0 without one."""
    return sum(1 for _ in configs(start))


def configs(start: Start | None) -> Iterator[Config]:
    """What was trained before a run: its start's config, then that of the start's own start, and so on."""
    while start is not None:
        yield start.config
        start = start.config.start


def start_from(values: Any, owner: Config) -> Start:
    """The start that plain `values` describe. owner: the config that it belongs to, without a start.

    Raises `FieldError`, naming the field, for a value or a name that is refused.
    """
    if not isinstance(values, Mapping):
        raise FieldError("start", f"start must be a mapping of names to values, got {short_repr(values)}.")
    for name in values:
        if name not in _NAMES:
            raise FieldError(field_name(name, "start"), f"A start has no field {short_repr(name)}. The "
                             f"fields are {', '.join(_NAMES)}.")
    if "at" not in values:
        raise FieldError("start.at", f'start.at is missing: after how many steps, or "{KEPT}".')
    _check_depth(values)
    return Start(**{**values, "config": _config(values.get("config", {}), owner)})


def _check_depth(values: Mapping[str, Any]) -> None:
    # Before any of it is read: a file could hold starts a thousand deep.
    found, inner = 0, values
    while isinstance(inner, Mapping):
        found += 1
        if found > DEEPEST:
            raise FieldError("start.config.start", "A start may have a start of its own, but that one "
                             "cannot have another.")
        inner = inner["config"].get("start") if isinstance(inner.get("config"), Mapping) else None


def _config(changes: Any, owner: Config) -> Config:
    """The start's config. changes: what differs from `owner`."""
    if not isinstance(changes, Mapping):
        raise FieldError("start.config", "start.config must be a mapping of names to values, got "
                         f"{short_repr(changes)}.")
    known = [entry.name for entry in fields(owner)]
    for name in changes:
        if name not in known:
            raise FieldError(field_name(name, "start.config"), f"There is no field {short_repr(name)}. The "
                             f"fields are {', '.join(known)}.")
    try:
        for choice in (own.choice for own in NESTED.values()):
            if choice is not None and choice in changes:
                PARAMETERS[choice].check(changes[choice])
        return owner.replaced(**changes)
    except FieldError as error:
        inner = error.field if error.field.startswith("start.config.") else f"start.config.{error.field}"
        raise FieldError(inner[:100], error.message) from None


def _is_set(name: str, values: Mapping[str, Any]) -> bool:
    """Whether a nested field has another value than its entry's defaults."""
    defaults = {own.name: own.default for own in NESTED[name].entry(values).parameters}
    return any(value != (list(usual) if isinstance(usual := defaults[key], tuple) else usual)
               for key, value in values[name].items())


def _transfers(theirs: Config, owner: Config) -> bool:
    """Whether what was learned from other data can be of use: inputs of the same shape, not a table's.

    Two tables of a learner's own may share rows, and a test example of one may be a training example of the
    other. The numbers of sentences stand for the same words only where the sentences are the same.
    """
    if theirs.data.is_text or owner.data.is_text:
        return theirs.data.labelled.key == owner.data.labelled.key
    return theirs.data.shape == owner.data.shape and "table" not in (theirs.dataset, owner.dataset)


def _check_unseen(start: Start, owner: Config) -> None:
    """Raises `FieldError` where a test example of `owner` may have been trained on before."""
    for config in configs(start):
        if may_share(config.data, owner.data):
            raise FieldError("start.config", "The start may have been trained on examples that this run is "
                             f"tested with: both are on {owner.data.label}, with other settings. Give both "
                             "the same settings of the data, or choose a start on other data.")


def _other_inputs(theirs: Config, owner: Config) -> FieldError:
    if "table" in (theirs.dataset, owner.dataset):
        return FieldError("start.config", "The start must be trained on the same table as this run, with the "
                          "same target and inputs.")
    if theirs.data.is_text and owner.data.is_text:
        return FieldError("start.config", "The start must be trained on the same sentences as this run, with "
                          "the same settings of the data: its numbers stand for the words of its "
                          "vocabulary.")
    mine, other = (" x ".join(map(str, each.data.shape)) for each in (owner, theirs))
    return FieldError("start.config", f"The start must have inputs of the same shape as this run: "
                      f"{owner.data.label} has {mine}, {theirs.data.label} has {other}.")


def _rows(name: str, rows: Any, most: int, width: int) -> Iterable[Any]:
    if not isinstance(rows, list | tuple) or len(rows) > most or not all(
            isinstance(row, list | tuple) and len(row) == width for row in rows):
        found = f"{len(rows)} rows" if isinstance(rows, list | tuple) and len(rows) > most else (
            short_repr(rows))
        raise FieldError(f"start.{name}", f"start.{name} must be a list of at most {most} rows of {width} "
                         f"values, got {found}.")
    return rows


def _change(row: Any) -> tuple[int, float]:
    field = "start.learning_rates"
    return _count(field, row[0], MOST_STEP), PARAMETERS["learning_rate"].check(row[1], field=field)


def _edit(row: Any) -> tuple[str, int, float]:
    path, index, value = row
    if not isinstance(path, str) or not PATH.fullmatch(path):
        raise FieldError("start.edits", "start.edits must name weights such as dense_1/kernel, got "
                         f"{short_repr(path)}.")
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= MOST_WEIGHT:
        raise FieldError("start.edits", f"A weight must be a number between -{MOST_WEIGHT:g} and "
                         f"{MOST_WEIGHT:g}, got {short_repr(value)}.")
    return path, _count("start.edits", index, MOST_INDEX), float(value)


def _count(field: str, value: Any, most: int, more: str = "") -> int:
    """A whole number from 0 to `most`. Raises `FieldError`."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise FieldError(field, f"{field} must hold a whole number between 0 and {most}{more}, got "
                         f"{short_repr(value)}.")
    return value
