"""What a learner sets of a table's input: a field for each number and each category, in their own units."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.datasets.dataset import DatasetUnavailable
from core.datasets.splits import split
from core.datasets.table_summary import categories
from core.runs.config import RunConfig

Field = dict[str, Any]
# Steps of a slider over a feature's range, and what scaling there and back may have changed, in steps.
STEPS, SLACK = 200, 1e-3


def fields(config: RunConfig) -> list[Field]:
    """The features as the learner sets them, in their own units.

    A category's inputs are one field with `options`; `at` says which inputs a field is about.
    """
    data, examples = config.data, seen(config)
    if examples is None:
        return []
    named, found, at = list(categories(data)), list[Field](), 0
    while at < len(data.features):
        if at in data.indicators:
            name, options = named.pop(0) if named else (data.features[at], ())
            count = max(1, len(options))
            options = options or ("no", "yes")
            found.append({"name": name, "at": list(range(at, at + count)), "options": list(options)})
            at += count
        else:
            found.append({"name": data.features[at], "at": [at], **_range(examples[:, at])})
            at += 1
    return found


def _range(values: np.ndarray) -> Field:
    """The slider of a number: from the lowest to the highest value of all examples."""
    low, high = float(values.min()), float(values.max())
    near = np.round(values)
    whole = bool(np.allclose(values, near, atol=1e-3)) and high - low >= 2
    step = 1.0 if whole else _round_step((high - low) / STEPS)
    low, high = np.floor(low / step + SLACK) * step, np.ceil(high / step - SLACK) * step
    return dict(zip(("low", "high", "step"), short([low, high, step]), strict=True))


def _round_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at most `rough`."""
    if not rough > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(rough))
    return float(power * max(digit for digit in (1, 2, 5) if digit * power <= rough * (1 + 1e-9)))


def short(values: Sequence[float]) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def seen(config: RunConfig) -> np.ndarray | None:
    """All examples in their own units; None until they are loaded."""
    try:
        found = split(config.data, config.preparation)
    except DatasetUnavailable:
        return None
    assert found.mean is not None and found.deviation is not None
    return np.concatenate([found.x, found.x_test]) * found.deviation + found.mean
