"""How the stage is looked at: what a link may say beside a run's settings, and no run depends on."""

from collections.abc import Mapping
from typing import Any

from core.parameters import Bool, Choice, IntRange, Parameter

# "" stands for no card: all of them share the stage.
CARDS = ("", "network", "loss_curve", "predictions", "confusion_matrix", "accuracy_curve", "try_it")

VIEW: Mapping[str, Parameter] = {parameter.name: parameter for parameter in (
    Bool("auto", "Auto-train", "Start a run by itself whenever a setting was changed."),
    Choice("card", "Card", "The card that fills the stage.", CARDS, ""),
    Bool("projector", "Projector mode", "Large text, thick lines and high contrast."),
    IntRange("example", "Example", "The test example that is chosen on the stage.", 0, 1_000_000, 0))}


def defaults() -> dict[str, Any]:
    """Every field of the view at its default."""
    return {name: parameter.default for name, parameter in VIEW.items()}
