"""Parameters whose values are names from the learner's own data, such as columns: no table can list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from core.parameters import FieldError, short_repr


@dataclass(frozen=True)
class Text:
    """A printable text of at most `max_length` characters, without spaces around it."""

    name: str
    label: str
    help: str
    max_length: int
    default: str = ""

    def check(self, value: Any, owner: str = "", field: str = "") -> str:
        """`value` unchanged. Raises `FieldError` if it is not such a text."""
        if not is_name(value, self.max_length):
            raise FieldError(field or self.name, f"{_of(self.label, owner)} must be a printable text of at "
                             f"most {self.max_length} characters, got {short_repr(value)}.")
        return str(value)

    def format(self, value: str) -> str:
        return value

    def parse(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class NameList:
    """Up to `max_members` different names, in order; `age,eye%20colour` in a link."""

    name: str
    label: str
    help: str
    max_length: int
    max_members: int
    default: tuple[str, ...] = ()

    def check(self, value: Any, owner: str = "", field: str = "") -> tuple[str, ...]:
        """`value` as a tuple. Raises `FieldError` for too many names, an invalid one, or a repeated one."""
        name, field = _of(self.label, owner), field or self.name
        if not isinstance(value, list | tuple) or len(value) > self.max_members:
            raise FieldError(field, f"{name} must be a list of at most {self.max_members} names, got "
                             f"{short_repr(value)}.")
        for member in value:
            if not member or not is_name(member, self.max_length):
                raise FieldError(field, f"Each entry of {name} must be a printable text of 1 to "
                                 f"{self.max_length} characters, got {short_repr(member)}.")
        if len(set(value)) < len(value):
            twice = next(member for member in value if value.count(member) > 1)
            raise FieldError(field, f"{name} must not contain a name twice, got {short_repr(twice)} twice.")
        return tuple(str(member) for member in value)

    def format(self, value: Sequence[str]) -> str:
        return ",".join(quote(member, safe="") for member in value)

    def parse(self, text: str) -> Any:
        return tuple(unquote(part) for part in text.split(",")) if text else ()


def is_name(value: Any, max_length: int) -> bool:
    """Whether `value` is a text that can be shown on one line."""
    return (isinstance(value, str) and len(value) <= max_length and value.isprintable()
            and value == value.strip())


def _of(label: str, owner: str) -> str:
    return f"{label} of {owner}" if owner else label
