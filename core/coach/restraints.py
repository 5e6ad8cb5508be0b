"""Rules for networks that are held back by too much dropout or too strong a penalty on their weights."""

from core.coach.advice import Finding
from core.coach.changes import everywhere
from core.coach.optimization_rules import reached
from core.coach.run_summary import RunSummary
from core.formatting import number

# Above these, a rule speaks up, unless the network learns anyway.
MUCH_DROPOUT, STRONG_PENALTY = 0.5, 0.03
USUAL_DROPOUT, USUAL_L2 = 0.2, 0.01


def dropout_high(seen: RunSummary) -> Finding | None:
    """So many units are dropped at each step that neither the training nor the validation loss improves."""
    rate = max((layer["config"].get("rate", 0.0) for layer in seen.config.layers()
                if layer["class_name"] == "Dropout"), default=0.0)
    # Validation runs without dropout: a network that does well there is not held back.
    if not seen.settled or rate < MUCH_DROPOUT or seen.learned >= 0.6 or seen.validated >= 0.8:
        return None
    change = everywhere(seen.config, "dropout_rate", "rate", USUAL_DROPOUT)
    if change is None:
        return None
    return Finding(
        f"{reached(seen)} The dropout rate is {rate:g}.",
        f"At each step {round(100 * rate)} % of the units are switched off, so little of the network is "
        "left to learn with. Try a much lower dropout rate.",
        change, f"Set the dropout rate to {USUAL_DROPOUT:g}")


def penalty_high(seen: RunSummary) -> Finding | None:
    """The loss stays high, because of the penalty itself or its effect on the weights."""
    config = seen.config
    strength = config.l1 + config.l2
    if not seen.settled or strength < STRONG_PENALTY or seen.training.level < 0.5 * seen.scale:
        return None
    names = " and ".join(f"{name} is {value:g}" for name, value in (("L1", config.l1), ("L2", config.l2))
                         if value)
    change = {"l1": 0.0, "l2": USUAL_L2 if config.l2 else 0.0}
    return Finding(
        f"{reached(seen)} {names}; the loss of the first step was {number(seen.first)}.",
        "The penalty on the weights is part of the loss. When it is this strong, it matters more than the "
        "examples: the weights are pulled towards zero before they can learn. Make it much weaker.",
        change, f"Set L2 to {USUAL_L2:g}" if config.l2 else "Switch L1 off")
