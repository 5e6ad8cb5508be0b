"""Refuses a network whose memory or step time is over the limits, before the first step."""

from typing import Any

from core.errors import UserError
from core.settings import Settings

# Sustained speed of two ordinary cores on these programs: an estimate that refuses only what is far too slow
# (the tutorial CNN with batches of 4096), whatever else the machine does.
OPERATIONS_PER_SECOND = 5e10


class OverBudget(UserError):
    """A run exceeds a limit; the message says which, and what to lower."""


def check_parameters(parameters: int, settings: Settings) -> None:
    """Raises `OverBudget` if the network has too many parameters."""
    if parameters > settings.max_parameters:
        raise OverBudget(f"This network has {parameters:,} parameters; the limit is "
                         f"{settings.max_parameters:,}. Lower the units or filters, or use fewer layers.")


def check_program(compiled: Any, repeats: float, settings: Settings) -> None:
    """Raises `OverBudget` if one step needs too much memory or time.

    compiled: a `jax.stages.Compiled`. repeats: the work of a step as a multiple of XLA's count, which counts
    the body of each loop once.
    """
    needed = compiled.memory_analysis().temp_size_in_bytes
    if needed > settings.max_step_bytes:
        raise OverBudget(f"One step needs {needed / 2**20:,.0f} MB of memory; the limit is "
                         f"{settings.max_step_bytes / 2**20:,.0f} MB. Lower the batch size, or the "
                         f"units or filters.")
    seconds = (compiled.cost_analysis() or {}).get("flops", 0.0) * repeats / OPERATIONS_PER_SECOND
    if seconds > settings.max_step_seconds:
        raise OverBudget(f"One step takes about {seconds:.1f} s; the limit is "
                         f"{settings.max_step_seconds:g} s. Lower the batch size, or the units or filters.")
