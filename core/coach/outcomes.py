"""What came of advice that was followed: compares the run before with the run after."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.coach.advice import Advice
from core.formatting import number, percent
from core.metrics.measures import MEASURES
from core.runs.run import ENDED, Run

# If one of these changes, it is a different loss, and its values before and after cannot be compared.
OTHER_LOSS = frozenset({"l1", "l2", "loss", "loss_parameters", "class_weights"})
# A relative difference in loss below this counts as no difference.
ALIKE = 0.01

BETTER, SAME, WORSE = "It helped", "It made no difference", "It did not help"


class AdviceOutcome(NamedTuple):
    """Whether advice helped, in a few words (verdict), and the figures before and after (evidence)."""

    verdict: str
    evidence: str


class _Kept(NamedTuple):
    """The result of the weights that a run kept. validation: whether it is from the validation set."""

    validation: bool
    loss: float
    metric: float


def taken(before: Run, advice: Sequence[Advice], after: Run) -> Advice | None:
    """The advice for `before` whose change, and nothing else, turns its config into that of `after`."""
    if before.status not in ENDED or after.status not in ENDED or after.status in ("stopped", "failed"):
        return None
    return next((item for item in advice if before.config.replaced(**item.change) == after.config), None)


def outcome(before: Run, advice: Advice, after: Run) -> AdviceOutcome | None:
    """What the change of `advice` did from `before` to `after`; None if they cannot be compared.

    Compares the accuracy or the mean absolute error on validation (without it, on training) of the weights
    that were kept; or the loss, if it is the same loss and the metric is equal.
    """
    if after.status == "diverged":
        return AdviceOutcome(WORSE, f"{advice.button}: this run diverged.")
    now, then = _kept(after), _kept(before)
    measure = MEASURES[after.config.data.task]
    if now is None:
        return None
    name = f"{'Validation' if now.validation else 'Training'} {measure.later}"
    if before.status == "diverged" or then is None:
        return AdviceOutcome(BETTER, f"{advice.button}: the training diverged before. {name} now: "
                             f"{measure.write(now.metric)}.")
    if then.validation != now.validation:
        return None
    if "class_weights" in advice.change:
        return _by_class(before, advice, after)
    written = [measure.write(result.metric) for result in (then, now)]
    said = f"{advice.button}: {name[0].lower()}{name[1:]} {written[0]} before, {written[1]} now."
    higher = (then.metric - now.metric) * (1 if measure.quantity.falls else -1)
    if written[0] != written[1]:
        return AdviceOutcome(BETTER if higher > 0 else WORSE, said)
    if OTHER_LOSS & set(advice.change) or math.isclose(now.loss, then.loss, rel_tol=ALIKE):
        return AdviceOutcome(SAME, said)
    return AdviceOutcome(BETTER if now.loss < then.loss else WORSE,
                         f"{said} The {'validation' if now.validation else 'training'} loss was "
                         f"{number(then.loss)} and is {number(now.loss)}.")


def _by_class(before: Run, advice: Advice, after: Run) -> AdviceOutcome | None:
    """Compares the recall of the class whose recall was lowest: balanced weights are meant to raise it."""
    then, now = before.history.probe, after.history.probe
    if then is None or now is None or then.matrix.shape != now.matrix.shape:
        return None
    sizes = then.matrix.sum(axis=1)
    found, later = (np.diag(probe.matrix) / np.maximum(probe.matrix.sum(axis=1), 1) for probe in (then, now))
    worst = int(np.where(sizes > 0, found, np.inf).argmin())
    verdict = SAME if later[worst] == found[worst] else BETTER if later[worst] > found[worst] else WORSE
    return AdviceOutcome(verdict, f"{advice.button}: {percent(float(found[worst]))} of "
                         f"{after.config.data.classes[worst]} were found before, "
                         f"{percent(float(later[worst]))} now.")


def _kept(run: Run) -> _Kept | None:
    """The result of the last epoch, or of the best one with early stopping; None without an epoch."""
    rows = run.history.table("epochs")
    if not len(rows):
        return None
    validation = bool(np.isfinite(rows[:, 3]).all())
    row = rows[rows[:, 3].argmin() if validation and run.config.patience else -1]
    return _Kept(validation, *(float(value) for value in (row[3:5] if validation else row[1:3])))
