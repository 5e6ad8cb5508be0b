"""What the network's picture says of weights that were set by hand, and of what they changed."""

from typing import Any

from core.formatting import number
from core.metrics.measures import MEASURES
from core.runs.evaluations import Evaluation
from core.runs.run import Run
from core.runs.weight_edits import EditedWeights

# By whether the run may go on from what is shown.
FATES = {True: "Resume and Step drop them.", False: "The run keeps its own."}


def edit_state(edited: EditedWeights, run: Run | None) -> dict[str, Any]:
    """What the picture's editor shows, besides the weights themselves."""
    if not edited.editable or run is None:
        return {"edits": [], "turn": edited.turn, "editable": False}
    return {"edits": [list(edit) for edit in edited.edits], "turn": edited.turn, "editable": True,
            "fate": FATES[run.active and not run.rewound],
            "effect": edited.problem or _effect(edited.evaluation, run), "trainable": edited.trainable}


def _effect(found: Evaluation | None, run: Run) -> str:
    """What the edits changed on the test set: `Test accuracy: 93.3 % → 80.0 %`."""
    before, task = run.history.evaluation, run.config.data.task
    if found is None or before is None:
        return ""
    measure, names = MEASURES[task], (MEASURES[task].later, "loss")
    rows = [(measure.write(seen.metric), number(seen.loss)) for seen in (before, found)]
    # Results on a part of the test set are no match for those on all of it.
    told = [f"{name} {now if before.indices is not None or then == now else f'{then} → {now}'}"
            for name, then, now in zip(names, *rows, strict=True)]
    return f"Test {', '.join(told)}"
