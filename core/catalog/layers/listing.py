"""A list of layers as a parameter: checked, and written to and read from a link.

In a link, a list looks like `Conv2D.filters-32.kernel_size-3.activation-relu~Flatten`. It uses only
characters that need no escaping in a URL: `~` separates layers, `.` precedes a name (names start with a
letter, so the decimal point of a number cannot be mistaken for one), and `-` separates a name from its value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.catalog.layers.kinds import LAYER_KINDS
from core.catalog.layers.layer import Entry
from core.parameters import FieldError, check_all, short_repr

MOST_LAYERS = 40
# A value that a link leaves out means one of these, so they must never change, even if the defaults do.
LEFT_OUT: dict[str, Any] = {
    "activation": "linear", "kernel_initializer": "glorot_uniform", "l1": 0.0, "l2": 0.0, "padding": "valid",
    "return_sequences": False, "strides": 1}
_NAME = re.compile(r"\.(?=[a-z])")


@dataclass(frozen=True)
class LayerList:
    """At most `MOST_LAYERS` layers, each a dict of its `kind` and all its values."""

    name: str
    label: str
    help: str
    default: tuple[Entry, ...]

    def check(self, value: Any, owner: str = "", field: str = "") -> tuple[Entry, ...]:
        """`value` as a tuple of complete entries. Raises `FieldError`, naming the layer, for invalid ones."""
        field = field or self.name
        if not isinstance(value, list | tuple):
            raise FieldError(field, f"{self.label} must be a list of layers, got {short_repr(value)}.")
        if len(value) > MOST_LAYERS:
            raise FieldError(field, f"{self.label} must have at most {MOST_LAYERS} entries, got "
                                    f"{len(value)}.")
        return tuple(_checked(layer, number, field) for number, layer in enumerate(value, 1))

    def format(self, value: Sequence[Entry]) -> str:
        return "~".join(_format(layer) for layer in value)

    def parse(self, text: str) -> Any:
        """The entries written in `text`; anything invalid stays text, for `check` to refuse."""
        return tuple(_parse(part) for part in text.split("~")) if text else ()


def _checked(value: Any, number: int, field: str) -> Entry:
    if not isinstance(value, Mapping):
        raise FieldError(field, f"Layer {number} must be a mapping with a kind, got {short_repr(value)}.")
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in LAYER_KINDS:
        # All of them would fill the screen, and the layer editor lists them.
        names = {name.lower(): name for name in LAYER_KINDS}
        alike = get_close_matches(kind[:60].lower() if isinstance(kind, str) else "dense", names, 3, 0.0)
        found = ", ".join(names[name] for name in alike)
        raise FieldError(field, f"Layer {number} must be a kind of layer such as {found}, got "
                                f"{short_repr(kind)}. The layer editor lists all {len(LAYER_KINDS)}.")
    own, values = LAYER_KINDS[kind], {name: item for name, item in value.items() if name != "kind"}
    try:
        checked = check_all(own.parameters, values, f"layer {number} ({own.name})", field)
    except FieldError as error:
        # The message names the layer: the field's name only says which list.
        raise FieldError(field, error.message[:1].upper() + error.message[1:]) from error
    return {"kind": own.name, **checked}


def _format(entry: Entry) -> str:
    parts = [entry["kind"]]
    for parameter in LAYER_KINDS[entry["kind"]].parameters:
        value = entry.get(parameter.name, parameter.default)
        if parameter.name not in LEFT_OUT or value != LEFT_OUT[parameter.name]:
            parts.append(f"{parameter.name}-{parameter.format(value)}")
    return ".".join(parts)


def _parse(text: str) -> Any:
    """The entry written in `text`, or `text` itself if it gives a value twice."""
    kind, *written = _NAME.split(text)
    known = {parameter.name: parameter
             for parameter in LAYER_KINDS[kind].parameters} if kind in LAYER_KINDS else {}
    said: dict[str, Any] = {"kind": kind}
    for part in written:
        name, _, value = part.partition("-")
        if name in said:
            return text
        said[name] = known[name].parse(value) if name in known else value
    return {name: LEFT_OUT[name] for name in known if name in LEFT_OUT} | said
