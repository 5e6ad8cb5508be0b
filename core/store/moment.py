"""The last moment of a run as bytes: with it, a run that was stored stands on the stage again."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from core.runs.evaluations import (
    Evaluation,
    ExampleMaps,
    LayerMaps,
    Prediction,
    Predictions,
    Probe,
    Reconstructions,
    Regions,
)
from core.runs.events import Compiled, Lowest, Progress
from core.runs.guesses import Guess, Guesses
from core.runs.history import History
from core.store.packing import CorruptData, pack, unpack

MOST_BYTES = 128 * 1024
KINDS: dict[str, Any] = {kind.__name__: kind for kind in (
    Compiled, Evaluation, ExampleMaps, Guess, Guesses, LayerMaps, Lowest, Prediction, Predictions, Probe,
    Progress, Reconstructions, Regions)}
PARTS = ("compiled", "progress", "probe", "evaluation")


def pack_moment(history: History) -> bytes | None:
    """What the stage shows at the end of a run besides its curves; None if that is nothing, or too much.

    A run that is too large goes without the picture of its layers.
    """
    if history.evaluation is None:
        return None
    for evaluation in (history.evaluation, replace(history.evaluation, maps=None)):
        arrays: dict[str, np.ndarray] = {}
        shown = {name: getattr(history, name) for name in PARTS} | {"evaluation": evaluation}
        content = pack({name: _plain(value, arrays) for name, value in shown.items()}, arrays)
        if len(content) <= MOST_BYTES:
            return content
    return None


def unpack_moment(content: bytes) -> dict[str, Any]:
    """Reverses `pack_moment`: events by the name that a history has for them. Raises `CorruptData`."""
    about, arrays = unpack(content)
    try:
        found = {name: _event(about[name], arrays) for name in PARTS}
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise CorruptData(str(error)) from error
    kinds = (Compiled, Progress, Probe, Evaluation)
    if any(value is not None and not isinstance(value, kind)
           for kind, value in zip(kinds, found.values(), strict=True)) or found["evaluation"] is None:
        raise CorruptData("the parts of a moment are mixed up")
    return found


def _plain(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """An event as JSON; its arrays go to `arrays`."""
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, tuple | list):
        return [_plain(item, arrays) for item in value]
    if is_dataclass(value):
        return {"kind": type(value).__name__,
                "fields": {field.name: _plain(getattr(value, field.name), arrays) for field in fields(value)}}
    return value.item() if isinstance(value, np.generic) else value


def _event(value: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """Reverses `_plain`."""
    if isinstance(value, list):
        return tuple(_event(item, arrays) for item in value)
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return arrays[value["array"]]
    return KINDS[value["kind"]](**{name: _event(item, arrays) for name, item in value["fields"].items()})
