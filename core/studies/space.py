"""`Axis`: one field a search varies; and the axes that a config offers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.parameters import (
    Bool,
    Choice,
    FieldError,
    FloatRange,
    IntList,
    IntRange,
    Parameter,
    field_name,
    short_repr,
)
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS, applies, option_label
from core.studies.ranges import NAMES, listed, span

MOST_VALUES, MOST_LEVELS, LEVELS = 20, 50, 5
# Drawn numbers have this many digits, so that what a learner reads is exactly what was trained.
DIGITS = 4
# Not searched: the data is what all trials have in common, and so are the epochs, which the method deals out.
# Another share of validation would judge each trial by other examples.
FIXED = ("dataset", "target", "normal", "epochs", "patience", "validation_share")
FIXED_OWN = ("dataset_parameters",)


@dataclass(frozen=True)
class Axis:
    """One field and the values it may take: those between `low` and `high`, or those in `values`.

    Attributes:
        field: its dotted name, such as `optimizer_parameters.momentum`.
        log: whether the scale is logarithmic.
        levels: how many values of a range a grid takes.
        whole: whether the values are whole numbers; `checked` finds that out.
    """

    field: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    values: tuple[Any, ...] = ()
    levels: int = LEVELS
    whole: bool = False

    def at(self, share: float) -> Any:
        """The value at a share in 0..1 of the axis; whole numbers and listed values get equal parts."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole and not self.log:
            return int(min(self.low + math.floor(share * (self.high - self.low + 1)), self.high))
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        value = low + share * (high - low)
        return self.near(math.exp(value) if self.log else value)

    def grid(self) -> tuple[Any, ...]:
        """The values of a grid: all that are listed, or `levels` evenly spaced ones, both ends included."""
        if self.values:
            return self.values
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        found = [self.near(math.exp(value) if self.log else value)
                 for value in np.linspace(low, high, self.levels)]
        return tuple(dict.fromkeys(found))

    def near(self, value: float) -> Any:
        """A number of the range as it is used for training: whole, or with few digits."""
        short = round(value) if self.whole else float(f"{value:.{DIGITS}g}")
        return type(short)(min(max(short, self.low), self.high))

    def checked(self, config: RunConfig) -> "Axis":
        """This axis with every value in its own type. Raises `FieldError`, naming its field."""
        if self.field not in _fields(config) or not _varies(self.field, config):
            raise FieldError(field_name(self.field),
                             f"{short_repr(self.field)} cannot be searched here. Choose one of "
                             f"{', '.join(searchable(config))}.")
        parameter = parameter_of(self.field, config)
        if not isinstance(self.values, tuple | list):
            raise FieldError(self.field, f"The values of {parameter.label} must be a list, got "
                             f"{short_repr(self.values)}.")
        ranged = isinstance(parameter, FloatRange | IntRange) and not self.values
        return self._range(parameter) if ranged else self._list(parameter)  # type: ignore[arg-type]

    def _list(self, parameter: Parameter) -> "Axis":
        if not 1 <= len(self.values) <= MOST_VALUES:
            raise FieldError(self.field, f"{parameter.label} needs 1 to {MOST_VALUES} values to try, got "
                             f"{len(self.values)}.")
        values = tuple(parameter.check(value, field=self.field) for value in self.values)
        return Axis(self.field, values=tuple(dict.fromkeys(values)))

    def _range(self, parameter: FloatRange | IntRange) -> "Axis":
        low, high = (parameter.check(bound, field=self.field) for bound in (self.low, self.high))
        if low >= high:
            raise FieldError(self.field, f"The range of {parameter.label} must end above where it begins, "
                             f"got {low:g} to {high:g}.")
        if not isinstance(self.log, bool):
            raise FieldError(self.field, f"Whether {parameter.label} is on a logarithmic scale must be true "
                             f"or false, got {short_repr(self.log)}.")
        if self.log and low <= 0:
            raise FieldError(self.field, f"A logarithmic range of {parameter.label} must begin above 0, got "
                             f"{low:g}. Begin a little above it, or use a linear one.")
        levels = IntRange("levels", f"The number of values of {parameter.label}", "", 1, MOST_LEVELS,
                          LEVELS).check(self.levels, field=self.field)
        return Axis(self.field, low, high, self.log, (), levels, isinstance(parameter, IntRange))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, from which `from_dict` makes this axis again, once checked."""
        if self.values:
            return {"field": self.field,
                    "values": [list(value) if isinstance(value, tuple) else value for value in self.values]}
        return {"field": self.field, "low": self.low, "high": self.high, "log": self.log,
                "levels": self.levels}

    @classmethod
    def from_dict(cls, values: Any) -> "Axis":
        """The axis described by `values`, not checked yet. Raises `FieldError` if it is not one."""
        known = ("field", "low", "high", "log", "levels", "values")
        if not isinstance(values, Mapping) or not set(values) <= set(known) or "field" not in values:
            raise FieldError("axes", "An axis must be a mapping with a field and, if needed, "
                             f"{', '.join(known[1:])}; got {short_repr(values)}.")
        given = dict(values)
        if isinstance(given.get("values"), list):
            given["values"] = tuple(tuple(item) if isinstance(item, list) else item
                                    for item in given["values"])
        return cls(**given)


def parameter_of(field: str, config: RunConfig) -> Parameter:
    """The parameter that declares a field of `config`, by its dotted name. Raises `KeyError` if none does."""
    prefix, _, name = field.partition(".")
    if not name:
        return PARAMETERS[prefix]
    return {parameter.name: parameter for parameter in NESTED[prefix].entry(vars(config)).parameters}[name]


def value_of(field: str, config: RunConfig) -> Any:
    """The value of a field of `config`, by its dotted name."""
    prefix, _, name = field.partition(".")
    return getattr(config, prefix)[name] if name else getattr(config, prefix)


def searchable(config: RunConfig) -> tuple[str, ...]:
    """The fields of `config` that a search can vary, by their dotted names, in the order of the tables."""
    return tuple(field for field in _fields(config) if _varies(field, config))


def _fields(config: RunConfig) -> list[str]:
    """All fields of `config` except those that every trial has in common, by their dotted names."""
    plain = [name for name in PARAMETERS if name not in FIXED and applies(name, config.data)]
    own = [f"{field}.{parameter.name}" for field, entry in NESTED.items()
           if field not in FIXED_OWN and applies(field, config.data)
           for parameter in entry.entry(vars(config)).parameters]
    return [*plain, *own]


def _varies(field: str, config: RunConfig) -> bool:
    """Whether a field has two values, and the network of `config` changes with it."""
    parameter = parameter_of(field, config)
    if not isinstance(parameter, FloatRange | IntRange | Choice | IntList | Bool):
        return False  # lists of layers, points and names have editors of their own
    return field not in STYLED or any(
        _layers(with_values(config, {field: value})) != _layers(config) for value in _two(parameter))


# A setting for all layers may have no effect: if there are none, or if each has its own value.
STYLED = ("activation", "initializer", "dropout_rate", "l1", "l2", "batch_normalization")


def _two(parameter: Parameter) -> Sequence[Any]:
    match parameter:
        case FloatRange(low=low, high=high):
            return low, high
        case Choice(options=options):
            return options[:2]
    return False, True


def _layers(config: RunConfig) -> str:
    return repr(config.layers())


def suggested(field: str, config: RunConfig) -> Axis:
    """The axis that the form proposes for `field`: a sensible range, or values that fit the rest."""
    parameter = parameter_of(field, config)
    if isinstance(parameter, FloatRange | IntRange):
        low, high, log = span(parameter, config.data.examples)
        return Axis(field, low, high, log).checked(config)
    values = [value for value in listed(parameter, value_of(field, config)) if fits(config, {field: value})]
    return Axis(field, values=tuple(values[:NAMES])).checked(config)


def with_values(config: RunConfig, values: Mapping[str, Any]) -> RunConfig:
    """`config` with some fields changed, by their dotted names. Raises `FieldError` if that is refused."""
    plain = {field: value for field, value in values.items() if "." not in field}
    changed = config.replaced(**plain) if plain else config
    own: dict[str, dict[str, Any]] = {}
    for field, value in values.items():
        prefix, _, name = field.partition(".")
        if name:
            own.setdefault(prefix, dict(getattr(changed, prefix)))[name] = value
    return replace(changed, **own) if own else changed


def fits(config: RunConfig, values: Mapping[str, Any]) -> bool:
    """Whether `config` with these values can be trained."""
    try:
        with_values(config, values)
    except FieldError:
        return False
    return True


def label(field: str, config: RunConfig) -> str:
    """A field's name in the form."""
    return parameter_of(field, config).label


def written(field: str, value: Any) -> str:
    """A value of a field as a short text."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    return option_label(field, value)
