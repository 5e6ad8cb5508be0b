"""What a challenge asks of its results: pure functions `Graded -> Verdict`, by name.

Each says in `why` what was reached and what is missing, in the numbers of these very results.
"""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.formatting import number, percent
from core.lessons.graded import Graded, Trained, Verdict
from core.runs.config import RunConfig
from core.studies.study import METRIC, VAL_METRIC

# What no network can miss by rounding: single precision has seven digits.
SLACK = 1e-6


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        function: judges; its keyword arguments are the challenge's `values`.
        grades: the grades whose results it can judge.
        inputs: the numbers that the challenge has to ask for, by name.
        second_test: whether the trainings are tested on the second test set.
    """

    function: Callable[..., Verdict]
    grades: tuple[str, ...] = ("seeds",)
    inputs: tuple[str, ...] = ()
    second_test: bool = False

    @property
    def arguments(self) -> Mapping[str, inspect.Parameter]:
        """Its arguments by name, with their types and, where they may be left out, defaults."""
        return {name: own for name, own in inspect.signature(self.function).parameters.items()
                if own.kind is inspect.Parameter.KEYWORD_ONLY}


def _listed(values: Sequence[str]) -> str:
    """Several values in words: `a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(values[:-1]), values[-1]] if len(values) > 1 else values)


def _trainings(count: int) -> str:
    return f"{count} new trainings" if count > 1 else "The new training"


def _ended(trained: Sequence[Trained]) -> str:
    lost = sum(not one.finished for one in trained)
    if not lost:
        return ""
    all_ = "In the training" if len(trained) == 1 else f"In {lost} of {len(trained)} trainings"
    return f" {all_}, the loss was no longer a number: the steps were too large."


def _missing(value: float, least: float) -> str:
    return f"{percent(least)} is needed, so {number(100 * (least - value))} points are missing."


def answer_near(graded: Graded, *, near: float) -> Verdict:
    """The best training's answer to the test examples is less than `near` off, in the target's units."""
    off = [one.test_metric for one in graded.trained if one.finished and math.isfinite(one.test_metric)]
    if not off:
        return Verdict(False, f"No training finished.{_ended(graded.trained)}")
    best, told = min(off), _listed([f"{value:.4f}" for value in off])
    reached = (f"{_trainings(len(graded.trained))} missed the right answer by {told}."
               f"{_ended(graded.trained)}")
    if best < near:
        return Verdict(True, f"{reached} The best one counts: {best:.4f} is less than {near:g}.")
    return Verdict(False, f"{reached} At least one answer has to be less than {near:g} away from it.")


def slow_good_diverging(graded: Graded, *, slow: float, good: float, diverging: float) -> Verdict:
    """Of the tries, one keeps more than `slow` of its loss, one less than `good`, one over `diverging`."""
    ratios = [one.ratio for one in graded.trained]
    wanted = {f"too slow (more than {percent(slow, 0)} of the loss left)": lambda r: slow < r <= diverging,
              f"good (less than {percent(good, 0)} left)": lambda r: r < good,
              "diverging (more loss than at the beginning)": lambda r: r > diverging}
    told = "; ".join(f"at {one.config.learning_rate:g}, {_left(one.ratio)}" for one in graded.trained)
    missing = [name for name, is_ in wanted.items() if not any(map(is_, ratios))]
    said = f"Trained again with your learning rates: {told}."
    if not missing:
        return Verdict(True, f"{said} One is too slow, one is good, one diverges.")
    return Verdict(False, f"{said} Missing: one that is {_listed(missing)}.")


def _left(ratio: float) -> str:
    """How much of a loss is left, in words."""
    if not math.isfinite(ratio):
        return "the loss became infinite"
    if ratio > 1:
        return f"the loss became {number(ratio)} times as large"
    return f"{percent(ratio, 2)} of the loss was left"


def near_optimum(graded: Graded, *, within: float) -> Verdict:
    """The line set by hand has, of each loss, at most `within` more than the best line; one after another.

    measured: for each loss, what the learner's line has, divided by the lowest that a line can have.
    """
    now = [name for name, ratio in graded.measured.items() if ratio <= 1 + within + SLACK]
    reached = tuple(name for name in graded.measured if name in now or name in graded.reached)
    told = _listed([f"the {name} is {percent(max(ratio - 1, 0))} above the lowest possible"
                    for name, ratio in graded.measured.items()])
    missing = [name for name in graded.measured if name not in reached]
    said = f"For your line, {told}. At most {percent(within, 0)} is near enough."
    if not missing:
        return Verdict(True, f"{said} You have reached both, with different lines.", reached)
    before = f" You already have the line for the {_listed(reached)}." if reached else ""
    return Verdict(False, f"{said}{before} Now find the line with the lowest {_listed(missing)}.", reached)


def accuracy_at_least(graded: Graded, *, accuracy: float, of: str = "best", train_at_least: float = 0.0,
                      neurons_at_most: int = 0) -> Verdict:
    """The test accuracy of the best training, or of all of them, is at least `accuracy`.

    of: `best` or `all`. train_at_least: the training accuracy that those trainings need as well.
    neurons_at_most: in all hidden layers together; 0: as many as one likes.
    """
    hidden = neurons(graded.trained[0].config)
    if neurons_at_most and hidden > neurons_at_most:
        return Verdict(False, f"Your hidden layers have {hidden} neurons in all; only {neurons_at_most} "
                              "are allowed.")
    found = [one.accuracy if not train_at_least or one.at_kept(METRIC) >= train_at_least - SLACK else 0.0
             for one in graded.trained]
    if not any(one.finished for one in graded.trained):
        return Verdict(False, f"No training got to its end.{_ended(graded.trained)}")
    told = _listed([percent(one.accuracy) if one.finished else "no result" for one in graded.trained])
    said = (f"{_trainings(len(found))} reached {told} on test examples that they had not seen."
            f"{_ended(graded.trained)}")
    if train_at_least and not max(found):
        return Verdict(False, f"{said} None reached {percent(train_at_least)} on the training examples.")
    enough, value = sum(one >= accuracy - SLACK for one in found), max(found) if of == "best" else min(found)
    if value >= accuracy - SLACK:
        which = "The best one counts" if of == "best" and len(found) > 1 else "The lowest one"
        return Verdict(True, f"{said} {which}: {percent(value)}. {percent(accuracy)} was needed.")
    if of == "all":
        return Verdict(False, f"{said} {enough} of {len(found)} reached {percent(accuracy)}; "
                              f"all {len(found)} have to.")
    return Verdict(False, f"{said} {_missing(value, accuracy)}")


def neurons(config: RunConfig) -> int:
    """The units of all hidden layers together."""
    return sum(int(entry.get("units", 0)) for entry in config.entries())


def folds_at_least(graded: Graded, *, accuracy: float) -> Verdict:
    """The mean validation accuracy of the folds is at least `accuracy`."""
    found = np.nan_to_num([one.at_kept(VAL_METRIC) for one in graded.trained])
    mean = float(found.mean())
    said = (f"The {len(found)} folds reached {_listed([percent(value) for value in found])}: "
            f"{percent(mean)} on average.{_ended(graded.trained)}")
    if mean >= accuracy - SLACK:
        return Verdict(True, f"{said} {percent(accuracy)} was needed.")
    return Verdict(False, f"{said} {_missing(mean, accuracy)}")


def at_best_moment(graded: Graded, *, within: float) -> Verdict:
    """The moment that the run was rewound to has at most `within` more validation loss than the best one.

    measured: `loss` and `epoch` of that moment; `lowest` of all that can be rewound to.
    """
    loss, lowest, epoch = (graded.measured[name] for name in ("loss", "lowest", "epoch"))
    over = loss / lowest - 1 if lowest else math.inf
    said = (f"At epoch {epoch:.0f} the validation loss is {number(loss)}. "
            f"The lowest that Rewind can show is {number(lowest)}.")
    if over <= within + SLACK:
        return Verdict(True, f"{said} That is {percent(max(over, 0))} above it: near enough.")
    return Verdict(False, f"{said} That is {percent(over)} above it; at most {percent(within, 0)} is near "
                          "enough.")


def test_loss_at_most(graded: Graded, *, loss: float, train_accuracy: float = 0.0) -> Verdict:
    """The best training has at most this loss on the test set, and at least this training accuracy."""
    pairs = [(one.test_loss if one.finished else math.inf, one.at_kept(METRIC)) for one in graded.trained]
    told = _listed([f"{number(value)} (training accuracy {percent(share)})" for value, share in pairs])
    said = (f"{_trainings(len(pairs))} ended with these losses on test examples that they had not seen: "
            f"{told}.{_ended(graded.trained)}")
    wanted = f"a loss of at most {loss:g}"
    if train_accuracy:
        wanted += f" with at least {percent(train_accuracy)} on the training examples"
    if any(value <= loss + SLACK and share >= train_accuracy - SLACK for value, share in pairs):
        return Verdict(True, f"{said} The best one counts; {wanted} was needed.")
    return Verdict(False, f"{said} One of them has to reach {wanted}.")


def recall_precision(graded: Graded, *, recall: float, precision: float) -> Verdict:
    """At the learner's threshold, the test sets of all trainings together reach both; the last class is yes.

    Together, because a single test set has so few of a rare class that luck would decide.
    """
    found = [one.matrix for one in graded.trained if one.finished and one.matrix is not None]
    if not found:
        return Verdict(False, f"No training finished.{_ended(graded.trained)}")
    own, exact = _rates(np.sum(found, axis=0))
    said = (f"With your threshold of {graded.inputs['threshold']:g}, {_trainings(len(found)).lower()} "
            f"together reached a recall of {percent(own)} and a precision of {percent(exact)}."
            f"{_ended(graded.trained)}")
    wanted = f"a recall of {percent(recall)} and a precision of {percent(precision)}"
    if own >= recall - SLACK and exact >= precision - SLACK:
        return Verdict(True, f"{said} Needed: at least {wanted}.")
    advice = ("Too many are missed: lower the threshold." if own < recall - SLACK
              else "Too many of the alarms are false: raise the threshold.")
    return Verdict(False, f"{said} Needed: at least {wanted}. {advice}")


def _rates(matrix: np.ndarray) -> tuple[float, float]:
    """Recall and precision of the last class; 0 where there is nothing to divide by."""
    hits = float(matrix[-1, -1])
    return hits / max(float(matrix[-1].sum()), 1), hits / max(float(matrix[:, -1].sum()), 1)


def second_test_agrees(graded: Graded, *, within: float) -> Verdict:
    """The mean accuracy, here on the second test set, is at most `within` from what the learner promised.

    inputs: `promised`, in percent.
    """
    second = float(np.mean([one.accuracy for one in graded.trained]))
    told = graded.inputs["promised"] / 100
    said, again = f"You promised {percent(told)}.", _trainings(len(graded.trained))
    if abs(told - second) <= within + SLACK:
        apart = number(100 * abs(told - second))
        return Verdict(True, f"{said} On a second test set, {again.lower()} reached {percent(second)} on "
                             f"average. That is {apart} points apart: near enough.")
    which, than = ("much", "less") if told > second else ("little", "more")
    # The number itself would be the next promise.
    return Verdict(False, f"{said} On a second test set, {again.lower()} reached {than} on average: you "
                          f"promised more than {100 * within:g} points too {which}.{_ended(graded.trained)}")


def vertical_over_horizontal(graded: Graded, *, times: float) -> Verdict:
    """The kernel answers vertical edges at least `times` as strongly as horizontal ones."""
    vertical, horizontal = graded.measured["vertical"], graded.measured["horizontal"]
    said = (f"Your kernel gives {number(vertical)} at vertical edges and {number(horizontal)} at horizontal "
            "ones.")
    if vertical <= SLACK:
        return Verdict(False, f"{said} It has to react to vertical edges.")
    if vertical * (1 + SLACK) >= times * horizontal:
        return Verdict(True, f"{said} That is at least {times:g} times as much.")
    return Verdict(False, f"{said} That is {number(vertical / horizontal)} times as much; it has to be at "
                          f"least {times:g} times.")


CHECKS: Mapping[str, Check] = {
    "answer_near": Check(answer_near),
    "slow_good_diverging": Check(slow_good_diverging, ("tries",)),
    "near_optimum": Check(near_optimum, ("weights",)),
    "accuracy_at_least": Check(accuracy_at_least),
    "folds_at_least": Check(folds_at_least, ("folds",)),
    "at_best_moment": Check(at_best_moment, ("moment",)),
    "test_loss_at_most": Check(test_loss_at_most),
    "recall_precision": Check(recall_precision, inputs=("threshold",)),
    "second_test_agrees": Check(second_test_agrees, inputs=("promised",), second_test=True),
    "vertical_over_horizontal": Check(vertical_over_horizontal, ("kernel",)),
}
