"""Parameter declarations: each one validates a value, draws its widget and gives a search its axis.

Every parameter has `check`, which takes a value from anywhere and returns it in its own type or raises
`FieldError`, and `format` / `parse`, which write it to a link and read it back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, unquote

from core.errors import UserError

Made = TypeVar("Made")


class FieldError(UserError, ValueError):
    """A value that was refused, and the field it was meant for.

    Attributes:
        field: the dotted name in `RunConfig.to_dict`, such as `optimizer_parameters.momentum`.
        message: what was wrong, what was found and what to do.
    """

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field

    def __reduce__(self):
        return type(self), (self.field, self.message)


def accepted(make: Callable[[], Made]) -> tuple[Made | None, str]:
    """What `make` returns, and ""; or None, and why it was refused."""
    try:
        return make(), ""
    except FieldError as error:
        return None, error.message


def short_repr(value: Any) -> str:
    """`value` for an error message: its repr, cut at 60 characters; its type if repr fails."""
    try:
        text = repr(value)
    except Exception:  # an int of over 4300 digits, a list nested too deep, an object of a broken class
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def field_name(name: Any, prefix: str = "") -> str:
    """`name`, which may be anything, as the name of a field: short and printable."""
    text = name[:40] if isinstance(name, str) and name and name[:40].isprintable() else short_repr(name)
    return f"{prefix}.{text}" if prefix else text


@dataclass(frozen=True)
class FloatRange:
    """A real number from `low` to `high`; `log` for a logarithmic scale."""

    name: str
    label: str
    help: str
    low: float
    high: float
    default: float
    log: bool = False

    def check(self, value: Any, owner: str = "", field: str = "") -> float:
        """`value` as a float. Raises `FieldError` if it is no number or out of range."""
        if not _is_number(value) or not self.low <= value <= self.high:
            raise FieldError(field or self.name, f"{_of(self.label, owner)} must be a number "
                             f"between {self.low:g} and {self.high:g}, got {short_repr(value)}.")
        return float(value)

    def format(self, value: float) -> str:
        return repr(float(value))

    def parse(self, text: str) -> Any:
        """The number written in `text`, or `text` itself if it is not one."""
        try:
            return float(text)
        except ValueError:
            return text


@dataclass(frozen=True)
class IntRange:
    """A whole number from `low` to `high`."""

    name: str
    label: str
    help: str
    low: int
    high: int
    default: int
    log: bool = False

    def check(self, value: Any, owner: str = "", field: str = "") -> int:
        """`value` as an int. Raises `FieldError` if it is not whole or out of range."""
        # The range comes first: int() of infinity raises, and nan lies in no range.
        if not _is_number(value) or not self.low <= value <= self.high or value != int(value):
            raise FieldError(field or self.name, f"{_of(self.label, owner)} must be a whole number "
                             f"between {self.low} and {self.high}, got {short_repr(value)}.")
        return int(value)

    def format(self, value: int) -> str:
        return str(value)

    def parse(self, text: str) -> Any:
        try:
            return int(text)
        except ValueError:
            return text


@dataclass(frozen=True)
class Choice:
    """One of the names in `options`."""

    name: str
    label: str
    help: str
    options: tuple[str, ...]
    default: str

    def check(self, value: Any, owner: str = "", field: str = "") -> str:
        """`value` as one of the options. Raises `FieldError`, listing them, if it is not."""
        if not isinstance(value, str) or value not in self.options:
            raise FieldError(field or self.name, f"{_of(self.label, owner)} must be one of "
                             f"{', '.join(self.options)}, got {short_repr(value)}.")
        return self.options[self.options.index(value)]

    def format(self, value: str) -> str:
        return value

    def parse(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class IntList:
    """`min_length` to `max_length` whole numbers, each from `low` to `high`; `16-16` in a link."""

    name: str
    label: str
    help: str
    low: int
    high: int
    min_length: int
    max_length: int
    default: tuple[int, ...]

    def check(self, value: Any, owner: str = "", field: str = "") -> tuple[int, ...]:
        """`value` as a tuple. Raises `FieldError` for a wrong length or a wrong member."""
        name, field = _of(self.label, owner), field or self.name
        if not isinstance(value, list | tuple):
            raise FieldError(field, f"{name} must be a list of whole numbers such as "
                             f"{self.format(self.default) or '16-16'}, got {short_repr(value)}.")
        if not self.min_length <= len(value) <= self.max_length:
            raise FieldError(field, f"{name} must have {self.min_length} to {self.max_length} entries, got "
                             f"{len(value)}.")
        member = IntRange(self.name, f"Each entry of {self.label.lower()}", "", self.low, self.high,
                          self.low)
        return tuple(member.check(entry, owner, field) for entry in value)

    def format(self, value: Sequence[int]) -> str:
        return "-".join(str(entry) for entry in value)

    def parse(self, text: str) -> Any:
        try:
            return tuple(int(part) for part in text.split("-")) if text else ()
        except ValueError:
            return text


@dataclass(frozen=True)
class Subset:
    """Some of the names in `options`, at least `least`, in their order; () for all; `cat,dog` in a link."""

    name: str
    label: str
    help: str
    options: tuple[str, ...]
    least: int
    default: tuple[str, ...] = ()

    def check(self, value: Any, owner: str = "", field: str = "") -> tuple[str, ...]:
        """`value` as a tuple. Raises `FieldError` for too few names, or one that is no option."""
        name, field = _of(self.label, owner), field or self.name
        if not isinstance(value, list | tuple) or len(value) > len(self.options) or not all(
                isinstance(member, str) and member in self.options for member in value):
            raise FieldError(field, f"{name} must be some of {', '.join(self.options)}, got "
                             f"{short_repr(value)}.")
        chosen = tuple(option for option in self.options if option in value)
        if 0 < len(chosen) < self.least:
            raise FieldError(field, f"{name} must be at least {self.least}, got only {chosen[0]}. Choose "
                             "another one as well, or none for all.")
        return () if len(chosen) == len(self.options) else chosen

    def format(self, value: Sequence[str]) -> str:
        return ",".join(quote(member, safe="") for member in value)

    def parse(self, text: str) -> Any:
        return tuple(unquote(part) for part in text.split(",")) if text else ()


@dataclass(frozen=True)
class Bool:
    """On or off; `1` or `0` in a link, which may also say `true` or `false`."""

    name: str
    label: str
    help: str
    default: bool = False

    def check(self, value: Any, owner: str = "", field: str = "") -> bool:
        """`value` as a bool. Raises `FieldError` if it is not one."""
        if not isinstance(value, bool):
            raise FieldError(field or self.name, f"{_of(self.label, owner)} must be true or false, "
                             f"got {short_repr(value)}.")
        return value

    def format(self, value: bool) -> str:
        return str(int(value))

    def parse(self, text: str) -> Any:
        return {"0": False, "1": True, "false": False, "true": True}.get(text.lower(), text)


class Parameter(Protocol):
    """What every kind of parameter has. Kinds that need their own table are defined beside it."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def help(self) -> str: ...
    @property
    def default(self) -> Any: ...
    def check(self, value: Any, owner: str = "", field: str = "") -> Any: ...
    def format(self, value: Any) -> str: ...
    def parse(self, text: str) -> Any: ...


def check_all(parameters: Sequence[Parameter], values: Any, owner: str, field: str) -> dict[str, Any]:
    """Every parameter's value, checked; those that `values` leaves out get their default.

    owner: whose parameters they are, for messages ("SGD"). field: prefix of the field's name.
    Raises `FieldError` for a wrong value, or for a name that is not declared.
    """
    if not isinstance(values, Mapping):
        raise FieldError(field, f"{field} must be a mapping of names to values, got {short_repr(values)}.")
    known = {parameter.name: parameter for parameter in parameters}
    for name in values:
        if name not in known:
            raise FieldError(field_name(name, field), f"{owner} has no parameter {short_repr(name)}; it has "
                             f"{', '.join(known) or 'none'}.")
    return {name: parameter.check(values.get(name, parameter.default), owner, f"{field}.{name}")
            for name, parameter in known.items()}


def _is_number(value: Any) -> bool:
    """Whether `value` is an int or a float; a bool is neither here."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _of(label: str, owner: str) -> str:
    return f"{label} of {owner}" if owner else label
