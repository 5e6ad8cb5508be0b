"""Questions about an input of the learner's own: read from what the browser sent, at most ten a second.

A run answers by itself, to what its controls say. An earlier moment of it is asked here.
"""

import binascii
import time
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.cluster.network_questions import NetworkQuestions
from core.parameters import FieldError
from core.runs.run import Run
from core.runs.tried import FIELD, Tried, tried, tried_text

# Questions of a page: so many a second, and so many at once; more are dropped.
QUESTIONS_A_SECOND, MOST_AT_ONCE = 10.0, 10
# A page looks often for an answer that may come soon.
WAITING_SECONDS = 5.0


@dataclass
class Questions:
    """What the learner of one page asks, and how many questions the page may ask now.

    newest: None where nothing is asked.
    """

    newest: Tried | None = None
    left: float = MOST_AT_ONCE
    since: float = 0.0
    _under_way: Tried | None = None

    def waiting(self, run: Run | None) -> bool:
        """Whether the answer of the shown run is still to come, and may come any moment."""
        if run is None or self.newest is None or time.monotonic() - self.since > WAITING_SECONDS:
            return False
        told = run.history.tried
        return told is None or told.number != self.newest.number

    def look(self, run: Run | None, questions: NetworkQuestions) -> None:
        """Ask about an earlier moment, one question at a time, and put the answer into its history."""
        asked = self._under_way or self.newest
        if run is None or not run.rewound or asked is None or run.history.weights is None:
            self._under_way = None
            return
        told = run.history.tried
        if told is not None and told.number == asked.number:
            self._under_way = None
            return
        try:
            found = questions.tried_at(run, asked)
        except FieldError:  # a question about another network
            self.newest = self._under_way = None
            return
        self._under_way = asked if found is None else None
        if found is not None:
            run.history.append(found)

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

    It has a `number`, and `pixels` in base64, one byte each, or `values`, or a `text`, and for that perhaps
    `gradients`. Raises `FieldError`.
    """
    if value is None:
        return None
    if isinstance(value, Mapping):
        number, pixels, values, text = (
            value.get(name) for name in ("number", "pixels", "values", "text"))
        if isinstance(pixels, str):
            try:
                return tried(number, b64decode(pixels, validate=True))  # type: ignore[arg-type]
            except (binascii.Error, ValueError) as error:
                raise FieldError(FIELD, "tried has pixels that are not base64.") from error
        if isinstance(values, list):
            return tried(number, values)  # type: ignore[arg-type]
        if isinstance(text, str):
            return tried_text(number, text, value.get("gradients", False))  # type: ignore[arg-type]
    raise FieldError(FIELD, "tried must have a number, and pixels, values or a text.")
