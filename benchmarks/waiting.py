"""Waits for what another thread or process does, closely enough to be timed."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.002
LONGEST_WAIT = 300.0


def wait_until(happened: Callable[[], bool]) -> None:
    """Return once `happened()`. Raises `TimeoutError` after five minutes."""
    until = time.monotonic() + LONGEST_WAIT
    while not happened():
        if time.monotonic() > until:
            raise TimeoutError(f"Waited {LONGEST_WAIT:.0f} s in vain.")
        time.sleep(POLL_SECONDS)
