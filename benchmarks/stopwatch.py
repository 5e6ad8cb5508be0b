"""A stopwatch for a run's events, which stands while the test set is looked at."""

import time
from collections.abc import Iterator

from core.results import Compiled, Evaluation, Event, Finished

NOT_TRAINING = (Evaluation, Compiled)


class Stopwatch:
    """Times one run. Starts when made; training starts with the first event.

    whole: seconds until the last event, building the network and evaluation included. training: from
    the first event on, whoever takes the events included, evaluation and compiling left out. calls:
    what the run itself counts, the compiled calls alone. steps, parameters: of the run.
    """

    def __init__(self) -> None:
        self._made = time.monotonic()
        self.whole = self.training = self.calls = 0.0
        self.steps = self.parameters = 0
        self.status = ""

    def follow(self, events: Iterator[Event]) -> Iterator[Event]:
        """`events`, timed."""
        first, asked, left_out = None, 0.0, 0.0
        for event in events:
            now = time.monotonic()
            if first is None:
                first = now
            elif isinstance(event, NOT_TRAINING):
                left_out += now - asked
            if isinstance(event, Compiled):
                self.parameters = event.parameters
            if isinstance(event, Finished):
                self.steps, self.calls, self.status = event.step, event.seconds, event.status
            yield event
            asked = time.monotonic()
            self.whole, self.training = asked - self._made, asked - first - left_out
