"""A rule for networks that give back their input."""

from math import prod

from core.catalog.layers import shapes
from core.coach.advice import Finding
from core.coach.changes import Change
from core.coach.run_summary import RunSummary
from core.formatting import number

# Below this share of the way from the mean to the input itself, a network does not copy yet.
COPIES = 0.8
# What is left of the input, as a share, in the change that is offered; and the share to mask instead.
NARROW, MASKED = 8, 0.3


def copying(seen: RunSummary) -> Finding | None:
    """An autoencoder without a narrow layer can simply copy its input, and learns nothing about it."""
    config, data = seen.config, seen.data
    if not data.reconstructs or config.corrupts or not seen.settled or seen.learned < COPIES:
        return None
    widths = [prod(shape) for shape in shapes(config.entries(), data.shape)]
    inputs = prod(data.shape)
    if not widths or min(widths) < inputs:
        return None
    own = dict(config.architecture_parameters)
    change: Change = {"masking": MASKED}
    button = f"Mask {round(100 * MASKED)} % of the input"
    if config.architecture == "autoencoder":
        change = {"architecture_parameters": own | {"code": max(1, inputs // NARROW)}}
        button = f"Set the code to {max(1, inputs // NARROW)}"
    anything = ("anomalies as well as normal examples, so its errors hardly tell them apart" if data.detects
                else "even inputs that look nothing like the examples")
    return Finding(
        f"The training loss is {number(seen.training.level)}; the narrowest layer has {min(widths)} numbers, "
        f"and the input has {inputs}.",
        "A network whose layers are all as wide as the input can copy it, number by number, and gives back "
        f"anything, {anything}. With a narrow code, or with a part of "
        "the input masked, it has to find out what the examples have in common.", change, button)
