"""How often each lesson's examples are graded as they should be, over many seeds.

`python -m benchmarks.lessons [--seeds 20] [NAME ...]`. Each example of a lesson's file is handed in that many
times, each time with new seeds; all trainings of an example are one study. Without names, the claims of the
ideas are checked as well (`benchmarks.claims`). The engine alone, in this process.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks import claims
from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import fresh_environment
from core.datasets.splits import split
from core.lessons.by_hand import best_absolute, best_squares, line_losses
from core.lessons.checks import CHECKS
from core.lessons.graded import Graded, Verdict
from core.lessons.grading import Grading, judge, judge_at_once, submission
from core.lessons.lesson import GRADINGS, TRAINED, Example, Lesson
from core.lessons.reading import lessons
from core.lessons.submitting import check_config
from core.runs.config import RunConfig
from core.settings import from_environment
from core.studies.events import GroupEnded
from core.studies.grouping import groups
from core.studies.reducer import begin_round, record
from core.studies.repeats import Seeds
from core.studies.study import VAL_LOSS, Member, Method, Round, Study, StudyResults, StudySize

# The seeds of one benchmark are those of the next, so that thresholds are not moved by luck.
FIRST_SEED = 1_000_000


@dataclass(frozen=True)
class Together:
    """The trainings of many gradings as one study."""

    gradings: tuple[Grading, ...]

    @property
    def config(self) -> RunConfig:
        return self.gradings[0].config

    @property
    def axes(self) -> tuple[str, ...]:
        return ("seed",)

    @property
    def plan(self) -> StudySize:
        sizes = [method.plan for method in self.gradings]
        return StudySize(sum(size.trials for size in sizes), sum(size.epochs for size in sizes))

    def following(self, members: Sequence[Member],
                  results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
        if members:
            return (), None
        new = tuple(member for method in self.gradings for member in method.members)
        return new, Round(tuple(range(len(new))), max(member.config.epochs for member in new))


def trained(method: Method) -> Study:
    """A study of one round, trained in this process as a worker does it."""
    from core.training.studies.training import train
    from core.training.studies.warm_states import Standings
    study = Study("study", "benchmark", method)
    more, following = method.following((), study.results)
    assert following is not None
    begin_round(study, more, None, following)
    for numbers in groups(study.members, following.chosen):
        chosen = {number: study.members[number] for number in numbers}
        for event in train("study", chosen, following.epochs, from_environment(), lambda: False, Standings()):
            if not isinstance(event, GroupEnded):
                record(study, event)
    begin_round(study, (), following, None)
    return study


def graded(lesson: Lesson, example: Example, times: int) -> list[Verdict]:
    """The verdicts on an example that is handed in `times` times, each time with seeds of its own."""
    config = lesson.challenge_config.replaced(**example.changes)
    check_config(lesson, config)
    if lesson.challenge.grade in TRAINED:
        return _by_training(lesson, example, config, times)
    if lesson.challenge.grade == "kernel":
        return [judge_at_once(lesson.name, None, inputs=example.inputs)]
    if lesson.challenge.grade == "moment":
        return _by_moment(lesson, example, config, times)
    return [_by_lines(lesson, example, config.replaced(seed=FIRST_SEED + place)) for place in range(times)]


def _by_training(lesson: Lesson, example: Example, config: RunConfig, times: int) -> list[Verdict]:
    tries = [config.replaced(**changes) for changes in example.tries]
    count = 1 if lesson.challenge.grade == "folds" else lesson.challenge.count
    gradings = [submission(lesson.name, config, tries, example.inputs,
                           range(FIRST_SEED + place * count, FIRST_SEED + (place + 1) * count))
                for place in range(times)]
    study, each = trained(Together(tuple(gradings))), len(gradings[0].members)
    found = [judge(_part(study, method, place * each, each)) for place, method in enumerate(gradings)]
    return [verdict for verdict in found if verdict is not None]


def _part(study: Study, method: Grading, first: int, count: int) -> Study:
    """One grading's part of a study."""
    rows, own = slice(first, first + count), study.results
    results = StudyResults(
        own.curves[rows], own.done[rows], own.states[rows], own.test_loss[rows], own.test_metric[rows],
        own.seconds[rows], None if own.matrices is None else own.matrices[rows],
        {number - first: matrix for number, matrix in own.tested.items() if first <= number < first + count})
    return replace(study, method=method, members=study.members[rows], results=results)


def _by_moment(lesson: Lesson, example: Example, config: RunConfig, times: int) -> list[Verdict]:
    """By the whole curve, of which a run's moments are a part."""
    losses = trained(Seeds(config.replaced(seed=FIRST_SEED), times)).results.curves[:, :, VAL_LOSS]
    epochs = losses.argmin(1) if example.moment == "best" else np.full(times, losses.shape[1] - 1)
    check = CHECKS[lesson.challenge.check].function
    measured = [{"loss": float(row[epoch]), "lowest": float(row.min()), "epoch": epoch + 1.0}
                for row, epoch in zip(losses, epochs, strict=True)]
    return [check(Graded(measured=one), **lesson.challenge.values) for one in measured]


def _by_lines(lesson: Lesson, example: Example, config: RunConfig) -> Verdict:
    """The last verdict on lines that are set one after another."""
    data = split(config.data, config.preparation)
    count = len(data.y) - data.validation
    x, y = data.x[:count, 0].astype(float), data.y[:count, 0].astype(float)
    verdict = Verdict(False, "")
    for name in example.lines:
        slope, height = (best_squares if name == "squared" else best_absolute)(x, y)
        measured = line_losses(config, [np.array([[slope]]), np.array([height])])
        verdict = CHECKS[lesson.challenge.check].function(
            Graded(measured=measured, reached=verdict.reached), **lesson.challenge.values)
    return verdict


def row(lesson: Lesson, example: Example, times: int) -> tuple[Cell, ...]:
    """One example: what it is, how often it passed, and what was said first."""
    began = time.perf_counter()
    verdicts = graded(lesson, example, times)
    passed = sum(verdict.passed for verdict in verdicts)
    return (f"{lesson.number} {lesson.name}", "passes" if example.passes else "fails",
            f"{passed} of {len(verdicts)}", time.perf_counter() - began,
            example.words, verdicts[0].why)


def main() -> None:
    """Grade all examples, or those of the lessons named."""
    parser = arguments("How often each lesson's examples pass.")
    parser.add_argument("--seeds", type=int, default=GRADINGS, help="how often each example is handed in")
    parser.add_argument("names", nargs="*", help="names of lessons; all of them if none")
    chosen = parser.parse_args()
    report = Report("lessons")
    with fresh_environment():
        rows = []
        for lesson in lessons().values():
            if not chosen.names or lesson.name in chosen.names:
                for example in lesson.examples:
                    rows.append(row(lesson, example, chosen.seeds))
                    print(*rows[-1], flush=True)
    report.add(ReportTable("Lessons", ("lesson", "should", "passed", "time (s)", "handed in", "verdict"),
                           tuple(rows)))
    if not chosen.names:
        with fresh_environment():
            report.add(claims.table())
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
