"""Rules for runs that take layers over from a start."""

from dataclasses import replace

from core.coach.advice import Finding
from core.coach.optimization_rules import reached
from core.coach.run_summary import RunSummary
from core.formatting import amount
from core.runs.taken_layers import frozen, taken, weighted

# A run that has learned less than this much of the way is one that its frozen layers may hold back.
LITTLE = 0.5


def frozen_deep(seen: RunSummary) -> Finding | None:
    """Every hidden layer is frozen, and the output layer alone learns too little."""
    config, kept = seen.config, frozen(seen.config)
    if config.start is None or kept < 2 or kept < len(weighted(config)) - 1:
        return None
    if not (seen.finished and seen.settled) or seen.learned >= LITTLE:
        return None
    fewer = replace(config.start, layers=min(taken(config), kept) - 1, frozen=kept - 1)
    return Finding(
        f"{amount(kept, 'layer')} of {len(weighted(config))} are frozen, so the output layer learns alone. "
        f"{reached(seen)}",
        "The first layers learn what most data have in common, the last ones what sets the start's examples "
        "apart. Frozen, they cannot learn what matters here.",
        {"start": fewer}, "Let the last hidden layer be new")
