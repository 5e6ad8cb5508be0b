"""Numbers and amounts in words, and in JSON for charts: few digits, never NaN or infinity.

At the bottom of `core`, since datasets count their examples in the same words as charts and the coach do.
"""

import base64
import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

Figure = dict[str, Any]


def rounded(values: Iterable[float]) -> list[float | None]:
    """The values to 4 significant digits; None, which is a gap in a line, for values that are not finite."""
    return [float(f"{value:.4g}") if math.isfinite(value) else None for value in values]


def shares(values: Iterable[float]) -> list[float | None]:
    """Shares of 1 as `rounded` has numbers, but so exact that charts round them as `percent` does."""
    return [float(f"{value:.6g}") if math.isfinite(value) else None for value in values]


def packed(values: np.ndarray) -> dict[str, str]:
    """A uint8 array as Plotly.js reads typed arrays: base64 bytes, dtype, and shape from 2-D on.

    Source: plotly.js, src/lib/array.js, `decodeTypedArraySpec`.
    """
    spec = {"dtype": "u1", "bdata": encoded(values)}
    if values.ndim > 1:
        spec["shape"] = ",".join(str(size) for size in values.shape)
    return spec


def typed(values: np.ndarray) -> dict[str, str]:
    """Many numbers, one axis, as Plotly.js reads typed arrays: int16, or float32, in which NaN is a gap.

    A third of the size of the same numbers as text. Raises `KeyError` for another dtype.
    """
    kind = {"int16": "i2", "float32": "f4"}[values.dtype.name]
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return {"dtype": kind, "bdata": base64.b64encode(little.tobytes()).decode("ascii")}


def encoded(values: np.ndarray) -> str:
    """The bytes of a uint8 array, row by row, in base64. Raises `TypeError` for another dtype."""
    if values.dtype != np.uint8:
        raise TypeError(f"Only uint8 is packed, got {values.dtype}.")
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def percent(share: float, digits: int = 1) -> str:
    """A share of 1 as a percentage with the given decimals; `–` for None or NaN.

    Halves are rounded up, as browsers do in tables and hovers: 0.3125 is 31.3 % everywhere.
    """
    if not math.isfinite(share):
        return "–"
    return f"{Decimal(100 * float(share)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)} %"


def number(value: float) -> str:
    """A number with 3 digits; whole from 100 on, with a comma between thousands; `–` for None or NaN.

    Trailing zeros stay, so that it keeps its width while it changes.
    """
    if not math.isfinite(value):
        return "–"
    if 99.95 <= abs(value) < 1e9:
        return f"{value:,.0f}"
    return f"{value:#.3g}"


def every(count: int, noun: str) -> str:
    """All that there are, in words: `The one test example`, `All 2 test examples`."""
    return f"The one {noun}" if count == 1 else f"All {amount(count, noun)}"


def amount(count: int, noun: str) -> str:
    """How many there are, in words: `1 test example`, `2 test examples`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
