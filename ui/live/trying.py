"""Questions about an input of the learner's own: read from what the browser sent, at most ten a second."""

import binascii
import time
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.parameters import FieldError
from core.runs.tried import FIELD, Tried, tried

# Questions of a page: so many a second, and so many at once; more are dropped.
QUESTIONS_A_SECOND, MOST_AT_ONCE = 10.0, 10


@dataclass
class Allowance:
    """How many questions one page may ask now."""

    left: float = MOST_AT_ONCE
    since: float = 0.0

    def take(self) -> bool:
        """Whether one more may be asked; then it counts."""
        now = time.monotonic()
        self.left = min(MOST_AT_ONCE, self.left + (now - self.since) * QUESTIONS_A_SECOND)
        self.since = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


def read(value: Any) -> Tried | None:
    """A question as the browser sends it; None for that it asks nothing more.

    It has a `number`, and `pixels` in base64, one byte each, or `values`. Raises `FieldError`.
    """
    if value is None:
        return None
    if isinstance(value, Mapping):
        number, pixels, values = (value.get(name) for name in ("number", "pixels", "values"))
        if isinstance(pixels, str):
            try:
                return tried(number, b64decode(pixels, validate=True))  # type: ignore[arg-type]
            except (binascii.Error, ValueError) as error:
                raise FieldError(FIELD, "tried has pixels that are not base64.") from error
        if isinstance(values, list):
            return tried(number, values)  # type: ignore[arg-type]
    raise FieldError(FIELD, "tried must have a number, and pixels or values.")
