"""A stopwatch for a run's events, which tells training from looks at the test set."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from core.runs.evaluations import Evaluation
from core.runs.events import Compiled, Event, Finished


@dataclass(frozen=True)
class Times:
    """Where the seconds of one run went, and what it came to.

    whole: until the last event, building the network included. training: from the first event on, whoever
    takes the events included, looking and compiling left out. looking: at the test set. calls: what the run
    itself counts as training, the compiled calls alone.
    """

    whole: float = 0.0
    training: float = 0.0
    looking: float = 0.0
    calls: float = 0.0
    steps: int = 0
    parameters: int = 0
    status: str = ""


class Stopwatch:
    """Times one run; starts when made."""

    def __init__(self) -> None:
        self._made = time.monotonic()
        self.times = Times()

    def follow(self, events: Iterator[Event]) -> Iterator[Event]:
        """`events`; once they are over, `times` are theirs."""
        first = asked = looking = compiling = calls = 0.0
        steps, parameters, status = 0, 0, ""
        for event in events:
            now = time.monotonic()
            if not first:
                first = asked = now
            if isinstance(event, Evaluation):
                looking += now - asked
            elif isinstance(event, Compiled):
                compiling, parameters = compiling + now - asked, event.parameters
            elif isinstance(event, Finished):
                steps, calls, status = event.step, event.seconds, event.status
            yield event
            asked = time.monotonic()
        self.times = Times(asked - self._made, asked - first - looking - compiling, looking, calls, steps,
                           parameters, status)
