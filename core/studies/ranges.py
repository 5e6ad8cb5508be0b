"""The first range of a search, for fields whose full range would be pointless to search."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.parameters import Bool, Choice, FloatRange, IntList, IntRange, Parameter


class Span(NamedTuple):
    """From `low` to `high`, both included; `log` for a logarithmic scale."""

    low: float
    high: float
    log: bool = False


# By the last part of a field's name; all other fields start with the full range of their parameter.
SPANS: dict[str, Span] = {
    "learning_rate": Span(1e-4, 1.0, True),
    "batch_size": Span(8, 256, True),
    "training_size": Span(20, 2000, True),
    "seed": Span(0, 99),
    "dropout_rate": Span(0.0, 0.6),
    "l1": Span(1e-6, 0.1, True),
    "l2": Span(1e-6, 0.1, True),
    "clip_norm": Span(0.1, 10.0, True),
    "imbalance": Span(0.0, 0.95),
    "label_noise": Span(0.0, 0.5),
    "momentum": Span(0.0, 0.99),
    "rho": Span(0.5, 0.99),
    "beta_1": Span(0.5, 0.99),
    "beta_2": Span(0.9, 0.9999),
    "epsilon": Span(1e-8, 1e-2, True),
    "weight_decay": Span(1e-5, 0.1, True),
    "initial_accumulator_value": Span(0.0, 1.0),
    "units": Span(8, 128, True),
    "shift": Span(0.0, 0.2),
    "rotation": Span(0.0, 30.0),
    "zoom": Span(0.0, 0.4),
    "noise": Span(0.0, 0.3),
}
# Values of these fields above the number of examples make no difference.
CAPPED = ("batch_size", "training_size")
# A list starts with this many values.
NAMES = 5


def span(parameter: FloatRange | IntRange, examples: int) -> Span:
    """The first range for a search of `parameter`. examples: how many the dataset has; 0 if unknown."""
    found = SPANS.get(parameter.name, Span(parameter.low, parameter.high, parameter.log))
    low, high = max(found.low, parameter.low), min(found.high, parameter.high)
    if parameter.name in CAPPED and examples:
        # At least from one on: the smallest dataset has six examples.
        high = max(min(high, examples), 2)
        low = min(low, max(1, high // 4))
    return Span(low, high, found.log)


def listed(parameter: Parameter, now: Any) -> Sequence[Any]:
    """The first values for a search of a choice, a switch or a list of numbers; `now` is one of them."""
    match parameter:
        case Choice(options=options):
            return [now, *(option for option in options if option != now)]
        case Bool():
            return [False, True]
        case IntList():
            return _sizes(parameter, tuple(now))
    raise TypeError(f"{parameter.label} has no values to list.")


def _sizes(parameter: IntList, now: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Narrower, unchanged and wider; and one layer fewer or more, within the limits."""
    base = now or (max(parameter.low, min(parameter.high, 32)),)
    scaled = [tuple(min(parameter.high, max(parameter.low, round(size * factor))) for size in base)
              for factor in (0.5, 1, 2)]
    found = [scaled[0], now, scaled[2], base[:-1], (*base, base[-1])]
    return [sizes for index, sizes in enumerate(found) if sizes not in found[:index]
            and parameter.min_length <= len(sizes) <= parameter.max_length]
