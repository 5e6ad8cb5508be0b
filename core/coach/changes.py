"""The changes the coach offers: round values within each field's range."""

import math
from collections.abc import Mapping
from typing import Any, Protocol

from core.catalog.architectures import ARCHITECTURES
from core.catalog.optimizers import OPTIMIZERS
from core.parameters import FieldError, IntRange
from core.runs.config import PARAMETERS, RunConfig

Change = Mapping[str, Any]


class Replaceable(Protocol):
    """A config, of a run or of agents."""

    def replaced(self, **changes: Any) -> Any: ...


# A network of only these layers learns at the rates that suit small tables.
_PLAIN = ("Dense", "Flatten", "Dropout", "BatchNormalization", "LayerNormalization", "GaussianNoise",
          "Activation")


def usual_rate(config: RunConfig) -> float:
    """A learning rate that usually works for such a network: the optimizer's own, from its table.

    For some optimizers (`tenth_beyond_dense`), a tenth of that in convolutional, recurrent and attention
    networks. For Adam, that is Keras's own default.
    """
    optimizer, layers = OPTIMIZERS[config.optimizer], config.layers()
    plain = all(layer["class_name"] in _PLAIN for layer in layers)
    tenth = optimizer.tenth_beyond_dense and not plain
    return optimizer.learning_rate / 10 if tenth else optimizer.learning_rate


def lower_rate(config: RunConfig, rate: float) -> float | None:
    """A lower learning rate than `rate`: the usual one, or else a tenth; None if it is the lowest already."""
    usual = usual_rate(config)
    lower = round_rate(usual if rate > 2 * usual else rate / 10)
    return lower if lower < rate else None


def round_rate(rate: float) -> float:
    """The learning rate rounded to one digit, within its range."""
    low, high = PARAMETERS["learning_rate"].low, PARAMETERS["learning_rate"].high  # type: ignore[attr-defined]
    return float(f"{min(max(rate, low), high):.0e}")


def set_rate(rate: float) -> tuple[Change, str]:
    return {"learning_rate": rate}, f"Set the learning rate to {rate:g}"


def power_of_two(count: float, low: int, high: int) -> int:
    """The power of two nearest to `count`, between `low` and `high`, which are powers of two."""
    return min(max(2 ** round(math.log2(max(count, 1))), low), high)


def round_up(count: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, ... that is at least `count`."""
    power = 10 ** math.floor(math.log10(max(count, 1)))
    return next(digit * power for digit in (1, 2, 5, 10) if digit * power >= count * (1 - 1e-9))


def valid(config: Replaceable, change: Change) -> bool:
    """Whether the change gives a valid config that differs."""
    try:
        return config.replaced(**change) != config
    except FieldError:
        return False


def everywhere(config: RunConfig, field: str, key: str, value: Any) -> Change | None:
    """A change for all hidden layers: `field` of the config, or every `key` in a custom list of layers.

    None if it would not change anything.
    """
    if config.architecture != "custom":
        change: Change = {field: value}
    else:
        layers = [{**parameter, key: value} if key in parameter else parameter
                  for parameter in config.architecture_parameters["layers"]]
        change = {"architecture_parameters": {"layers": layers}}
    changes = valid(config, change) and config.replaced(**change).layers() != config.layers()
    return change if changes else None


def wider(config: RunConfig) -> Change | None:
    """The same architecture with four times its units or filters, at least 16; None if it has none."""
    values, changed = dict(config.architecture_parameters), False
    for parameter in ARCHITECTURES[config.architecture].parameters:
        if parameter.name in ("hidden_units", "filters"):
            high = parameter.high  # type: ignore[attr-defined]
            values[parameter.name] = tuple(min(max(4 * value, 16), high) for value in values[parameter.name])
        elif parameter.name == "units" and isinstance(parameter, IntRange):
            values["units"] = min(max(4 * values["units"], 16), parameter.high)
        changed |= values[parameter.name] != config.architecture_parameters[parameter.name]
    change = {"architecture_parameters": values}
    return change if changed and valid(config, change) else None
