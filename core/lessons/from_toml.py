"""Entries of a TOML file as dataclasses: every error names the file, the entry and the field."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from core.errors import UserError
from core.parameters import short_repr

TABLES = Path(__file__).parent / "tables"
T = TypeVar("T")
_PLAIN = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


class TableError(UserError, ValueError):
    """A table of texts that cannot be used. Its message names file, entry and field."""


def entries(path: Path, kind: type[T]) -> dict[str, T]:
    """The entries of a file by name, in its order; each is a TOML table, whose name is the field `name`.

    Raises `TableError` for a file, an entry or a field that does not fit the dataclass `kind`.
    """
    tables = loaded(path)
    return {name: made(kind, {"name": name, **_table(values, f"{path.name}, {name}")}, f"{path.name}, {name}")
            for name, values in tables.items()}


def loaded(path: Path) -> dict[str, Any]:
    """What a file says. Raises `TableError` for one that is no TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{path.name} is not valid TOML: {error}.") from None


def made(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    """The dataclass with these values, nested ones too. where: what an error begins with."""
    hints = get_type_hints(kind)
    for name in values:
        if name not in hints:
            raise TableError(f"{where}: there is no field {short_repr(name)}. The fields are "
                             f"{', '.join(hints)}.")
    for field in fields(kind):  # type: ignore[arg-type]
        if field.default is MISSING and field.default_factory is MISSING and field.name not in values:
            raise TableError(f"{where}: {field.name} is missing.")
    given = {name: _value(hints[name], value, f"{where}, {name}") for name, value in values.items()}
    try:
        return kind(**given)
    except ValueError as error:
        raise TableError(f"{where}: {error}") from None


def _value(hint: Any, value: Any, where: str) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise TableError(f"{where} must be a list, got {short_repr(value)}.")
        inner = get_args(hint)[0]
        return tuple(_value(inner, item, f"{where}, number {place}") for place, item in enumerate(value, 1))
    if get_origin(hint) is Mapping:
        return _table(value, where)
    if is_dataclass(hint) and type(value) is not hint:
        return made(hint, _table(value, where), where)  # type: ignore[arg-type]
    if hint in _PLAIN:
        number = hint is float and type(value) is int
        if type(value) is not hint and not number:
            raise TableError(f"{where} must be {_PLAIN[hint]}, got {short_repr(value)}.")
        return str(value).strip() if hint is str else float(value) if number else value
    return value


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TableError(f"{where} must be a table, got {short_repr(value)}.")
    return value
