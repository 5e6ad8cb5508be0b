"""What the lessons' experiments show over 20 seeds, beside what the lessons expect of them.

`python -m benchmarks.lesson_facts`; `--lesson 4 5` measures only those lessons. This is what a learner sees
before the challenge: the experiment as the lesson opens it, and with one thing changed. Each is one study,
with seeds 0 to 19.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.report import Cell, Report, ReportTable, arguments
from core.lessons.reading import lessons
from core.settings import from_environment
from core.studies.events import GroupEnded
from core.studies.grouping import groups
from core.studies.reducer import begin_round, record
from core.studies.repeats import Seeds
from core.studies.study import LOSS, METRIC, VAL_LOSS, VAL_METRIC, Study, StudyResults
from core.training.studies.training import train
from core.training.studies.warm_states import Standings

SEEDS = 20
Figure = Callable[[StudyResults], np.ndarray]


def test(results: StudyResults) -> np.ndarray:
    """Accuracy, or the error of numbers, on the test set; NaN where the loss was no longer a number."""
    return np.where(np.isfinite(results.test_loss), results.test_metric, np.nan)


def training(results: StudyResults) -> np.ndarray:
    return results.curves[:, -1, METRIC]


def validation(results: StudyResults) -> np.ndarray:
    return results.curves[:, -1, VAL_METRIC]


def last_validation_loss(results: StudyResults) -> np.ndarray:
    """With early stopping, the lowest: its weights are kept."""
    return results.judged(VAL_LOSS, bool(np.isnan(results.curves[:, -1, VAL_LOSS]).any()))


def over_lowest(results: StudyResults) -> np.ndarray:
    """The last validation loss, divided by the lowest one."""
    losses = results.curves[:, :, VAL_LOSS]
    return losses[:, -1] / np.nanmin(losses, axis=1)


def loss_left(results: StudyResults) -> np.ndarray:
    """The last loss, divided by the first one."""
    return results.curves[:, -1, LOSS] / results.curves[:, 0, LOSS]


def recall(results: StudyResults) -> np.ndarray:
    """Of the last class, on the validation set at the threshold 0.5."""
    assert results.matrices is not None
    last = results.matrices[:, -1]
    return last[:, -1] / last.sum(axis=1)


@dataclass(frozen=True)
class LessonFact:
    """One experiment.

    Attributes:
        lesson: its number.
        label: what is trained.
        expected: of the figure, in words.
        figure: what is measured, per seed.
        changes: to the lesson's config.
        challenge: whether they are to the challenge's config instead.
    """

    lesson: int
    label: str
    expected: str
    figure: Figure = test
    changes: Mapping[str, Any] = field(default_factory=dict)
    challenge: bool = False


def _units(*sizes: int) -> dict[str, Any]:
    return {"architecture_parameters": {"hidden_units": sizes}}


FACTS = (
    LessonFact(1, "rate 0.01: error at 5", "median 0.10, at most 0.18"),
    LessonFact(1, "rate 0.03: error at 5", "below 0.01", changes={"learning_rate": 0.03}),
    *(LessonFact(2, f"rate {rate:g}: loss left", told, loss_left, {"learning_rate": rate})
      for rate, told in ((0.0001, "0.85"), (0.03, "0.0008"), (0.13, "7e6"))),
    LessonFact(4, "batches of 200", "0.44-0.68", changes={"batch_size": 200}),
    LessonFact(4, "batches of 1", "0.94-1", changes={"batch_size": 1}),
    LessonFact(5, "three linear layers", "at most 0.625",
               changes={"activation": "linear", **_units(8, 8, 8)}),
    LessonFact(5, "8 tanh", "at least 0.90", changes={"activation": "tanh", **_units(8)}),
    LessonFact(6, "3 relu", "a third at least 0.90", changes=_units(3)),
    LessonFact(6, "8 relu", "nearly all at least 0.90", changes=_units(8)),
    LessonFact(7, "not scaled", "NaN every time"),
    LessonFact(7, "not scaled, Adam 0.03", "hides it", changes={"optimizer": "adam", "learning_rate": 0.03}),
    LessonFact(7, "scaled", "at least 0.80", changes={"scaling": "standard"}),
    LessonFact(8, "six sigmoid layers", "at most 0.50"),
    LessonFact(8, "six relu layers", "at least 0.90", changes={"activation": "relu"}),
    LessonFact(9, "validation loss over its lowest", "3.3 or more", over_lowest),
    LessonFact(10, "no cure: validation loss", "above 0.60", last_validation_loss),
    LessonFact(10, "L2 0.01: validation loss", "at most 0.60", last_validation_loss, {"l2": 0.01}),
    LessonFact(10, "L2 0.03: validation loss", "at most 0.60", last_validation_loss, {"l2": 0.03}),
    LessonFact(10, "early stopping: validation loss", "at most 0.60", last_validation_loss, {"patience": 20}),
    LessonFact(10, "dropout 0.5: validation loss", "a tenth at most 0.60", last_validation_loss,
               {"dropout_rate": 0.5}),
    LessonFact(11, "random labels: training", "0.93-1", training),
    LessonFact(11, "random labels: validation", "0.50", validation),
    LessonFact(11, "from the left", "0.73-0.86", challenge=True),
    LessonFact(11, "from the left: its validation", "looks good", validation, challenge=True),
    LessonFact(11, "from everywhere", "0.975", changes={"sampled_from": "everywhere"}, challenge=True),
    LessonFact(12, "accuracy", "about 0.95"),
    LessonFact(12, "recall at 0.5", "0.50-0.78", recall),
    LessonFact(13, "rate 0.02: splits", "0.83-1"),
    LessonFact(16, "dense, moved by 2", "0.14"),
    LessonFact(16, "dense, in the middle", "0.97", validation),
    LessonFact(16, "augmented, moved by 2", "at least 0.80",
               changes={**_units(128), "epochs": 40, "augmentation_parameters": {"shift": 0.2}}),
    LessonFact(17, "blind to order", "0.46-0.53"),
    LessonFact(17, "SimpleRNN 16", "1.00", changes={
        "architecture": "rnn", "architecture_parameters": {"cell": "SimpleRNN", "units": 16},
        "activation": "tanh"}))


def measure(fact: LessonFact, count: int = SEEDS) -> tuple[Cell, ...]:
    """A row of the table."""
    lesson = next(one for one in lessons().values() if one.number == fact.lesson)
    config, changes = lesson.challenge_config if fact.challenge else lesson.config, dict(fact.changes)
    if "sampled_from" in changes:
        changes = {"dataset_parameters": {**config.dataset_parameters, **changes}}
    found = fact.figure(trained(Seeds(config.replaced(seed=0, **changes), count)).results)
    return (fact.lesson, fact.label, fact.expected,
            *(float(np.quantile(found[np.isfinite(found)], share)) if np.isfinite(found).any() else None
              for share in (0, 0.5, 1)), int((~np.isfinite(found)).sum()))


def trained(method: Seeds) -> Study:
    """The study, trained in this process."""
    study, settings = Study("study", "benchmark", method), from_environment()
    members, only = method.following((), study.results)
    assert only is not None
    begin_round(study, members, None, only)
    for part in groups(members, only.chosen):
        for event in train("study", {number: members[number] for number in part}, only.epochs, settings,
                           lambda: False, Standings()):
            if not isinstance(event, GroupEnded):
                record(study, event)
    return study


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--lesson", type=int, nargs="+", metavar="N", help="only these lessons")
    chosen, report = parser.parse_args(), Report("lesson_facts")
    for number in sorted({fact.lesson for fact in FACTS}):
        if chosen.lesson is None or number in chosen.lesson:
            report.add(ReportTable(f"Lesson {number}", (
                "lesson", "experiment", "expected", "least", "median", "most", "no number"),
                tuple(measure(fact) for fact in FACTS if fact.lesson == number)))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
