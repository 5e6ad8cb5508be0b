"""The part of the panel that says which curves a learner sketches before the run, and what was sketched."""

from typing import Any

from core.lessons.attempt import SKETCH_POINTS, Attempt
from core.runs.run import Run
from core.views.patches import Patch

# The card of each curve, and how its line is called.
PLACES = {"loss": ("loss_curve", "training"), "val_loss": ("loss_curve", "validation"),
          "accuracy": ("accuracy_curve", "training"), "val_accuracy": ("accuracy_curve", "validation")}


def sketch(attempt: Attempt | None, shown: Run | None) -> Patch:
    """The sketches: `curves` with a card, a name and heights each, at equal distances from 0 to `epochs`.

    `open` while they can be drawn; then the card's axes end at `epochs` and `top`. `of` names the attempt.
    """
    asked = attempt.lesson.prediction.curves if attempt else ()
    if attempt is None or not asked:
        return Patch(None, lambda: {"curves": [], "open": False})
    drawn = attempt.prediction.curves
    content: dict[str, Any] = {
        "curves": [{"curve": curve, "card": PLACES[curve][0], "name": PLACES[curve][1],
                    "heights": list(drawn.get(curve, ()))} for curve in asked],
        "open": not attempt.locked and shown is None, "points": SKETCH_POINTS,
        # Another one once the lesson is begun again.
        "of": f"{attempt.lesson.name} {attempt.begun}",
        "epochs": attempt.lesson.config.epochs, "top": attempt.lesson.prediction.top}
    return Patch((content["of"], tuple(drawn.items()), content["open"]), lambda: content)
