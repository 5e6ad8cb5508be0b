"""Grades challenges: the server trains the learner's choices again, or evaluates what the learner set.

Nothing that a browser says decides: a verdict comes from a study's results, from weights evaluated here,
or from the server's own run.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.lessons import by_hand
from core.lessons.checks import CHECKS, Check
from core.lessons.graded import Graded, Trained, Verdict
from core.lessons.lesson import KERNEL, TRAINED, Lesson
from core.lessons.submitting import check_config, checked_inputs, fresh_seeds, last_tries, lesson_of
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.run import Run
from core.studies.study import FAILED, FINISHED, Fold, Member, Round, Study, StudyResults, StudySize

NOT_TRAINED = "This could not be graded: {}. Try again."
LOST = ("{} of {} trainings stopped before their end, which is not your fault. Press Check my answer "
        "again.")


@dataclass(frozen=True)
class Grading:
    """The trainings that grade a challenge: a config with several seeds, several tries, or the folds.

    Attributes:
        lesson: its name.
        configs: what the learner handed in: one, or the last tries.
        seeds: drawn by the server; for tries, one for each of them.
        inputs: numbers that the challenge asked for, checked.
    """

    lesson: str
    configs: tuple[RunConfig, ...]
    seeds: tuple[int, ...]
    inputs: Mapping[str, float]

    @property
    def config(self) -> RunConfig:
        return self.configs[0]

    @property
    def axes(self) -> tuple[str, ...]:
        return ("seed",)

    @property
    def plan(self) -> StudySize:
        members = self.members
        return StudySize(len(members), sum(member.config.epochs for member in members))

    @property
    def members(self) -> tuple[Member, ...]:
        """All trainings, in their order."""
        lesson, check = lesson_of(self.lesson), check_of(self.lesson)
        threshold = self.inputs["threshold"] if "threshold" in check.inputs else None
        if lesson.challenge.grade == "folds":
            own = self.config.replaced(seed=self.seeds[0])
            return tuple(Member(own, (own.seed,), Fold(index, lesson.challenge.count))
                         for index in range(lesson.challenge.count))
        pairs = (list(zip(self.configs, self.seeds, strict=True)) if lesson.challenge.grade == "tries"
                 else [(self.config, seed) for seed in self.seeds])
        return tuple(Member(config.replaced(seed=seed), (seed,), second_test=check.second_test,
                            threshold=threshold) for config, seed in pairs)

    def following(self, members: Sequence[Member],
                  results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
        if members:
            return (), None
        new = self.members
        return new, Round(tuple(range(len(new))), max(member.config.epochs for member in new))


def check_of(lesson: str) -> Check:
    """The check of a lesson's challenge."""
    return CHECKS[lesson_of(lesson).challenge.check]


def submission(lesson: str, config: RunConfig | None = None, tries: Sequence[RunConfig] = (),
               inputs: Mapping[str, Any] | None = None, seeds: Sequence[int] = ()) -> Grading:
    """The study that grades a challenge.

    Args:
        config: the learner's choices, as the server has them; not needed where tries are graded.
        tries: the configs of the learner's runs, newest last.
        inputs: the numbers that the challenge asks for, from the browser.
        seeds: for benchmarks and tests; otherwise the server draws them.

    Raises `FieldError`, in words for the learner, for what the challenge does not allow.
    """
    own = lesson_of(lesson)
    challenge = own.challenge
    if challenge.grade not in TRAINED:
        raise FieldError("lesson", f"The challenge of {own.title} is not graded by training.")
    numbers = checked_inputs(challenge, inputs or {})
    if challenge.grade == "tries":
        configs = last_tries(own, tries)
    else:
        if config is None:
            raise FieldError("lesson", "These choices cannot be trained yet, so they cannot be graded.")
        check_config(own, config)
        configs = (config,)
    count = 1 if challenge.grade == "folds" else challenge.count
    return Grading(lesson, configs, tuple(seeds) or fresh_seeds(count), numbers)


def judge(study: Study) -> Verdict | None:
    """What the check says of a grading's results; None while it trains or waits.

    Raises `TypeError` for a study that grades nothing.
    """
    method = study.method
    if not isinstance(method, Grading):
        raise TypeError("only a Grading has a verdict")
    if study.active:
        return None
    challenge = lesson_of(method.lesson).challenge
    if study.status != "finished":
        why = (study.message or "the training ended too early").rstrip(".")
        return Verdict(False, NOT_TRAINED.format(why[:1].lower() + why[1:]))
    trained = _trained(study.members, study.results)
    if not trained:
        return Verdict(False, NOT_TRAINED.format("the training failed"))
    verdict = CHECKS[challenge.check].function(Graded(trained, method.inputs), **challenge.values)
    lost = int((study.results.states == FAILED).sum())
    # Of what was lost nobody knows what it would have reached.
    return verdict if verdict.passed or not lost else Verdict(False, LOST.format(lost, len(trained)))


def _trained(members: Sequence[Member], results: StudyResults) -> tuple[Trained, ...]:
    return tuple(_one(member, number, results) for number, member in enumerate(members))


def _one(member: Member, number: int, results: StudyResults) -> Trained:
    kept = int(results.kept(member.config.patience > 0)[number])
    matrix = results.tested.get(number)
    return Trained(member.config, results.curves[number, :results.done[number]].astype(float), kept,
                   int(results.states[number]) == FINISHED, float(results.test_metric[number]), matrix,
                   float(results.test_loss[number]))


def judge_at_once(lesson: str, run: Run | None, moment_step: int | None = None,
                  edited_weights: Sequence[np.ndarray] | None = None,
                  inputs: Mapping[str, Any] | None = None, reached: Sequence[str] = ()) -> Verdict:
    """The verdict where nothing has to be trained: on weights, on a moment, on a kernel.

    Args:
        run: the shown run, the server's own object; not needed for a kernel.
        moment_step: of the moment that the stage shows; None if it shows the run as it is now.
        edited_weights: the run's weights with the learner's changes, as `core.runs.weight_edits.edited` gives
            them; None without changes.
        inputs: the numbers that the challenge asks for, from the browser.
        reached: parts that were reached before, as the learner's progress says.

    Raises `FieldError`, in words for the learner, for what the challenge does not allow.
    """
    own = lesson_of(lesson)
    challenge = own.challenge
    if challenge.grade in TRAINED:
        raise FieldError("lesson", f"The challenge of {own.title} is graded by training.")
    numbers = checked_inputs(challenge, inputs or {})
    if challenge.grade == "kernel":
        measured = by_hand.kernel_responses(np.array(list(numbers.values())).reshape(KERNEL, KERNEL))
    else:
        measured = _of_run(own, run, moment_step, edited_weights)
    graded = Graded((), numbers, measured, tuple(reached))
    return CHECKS[challenge.check].function(graded, **challenge.values)


def _of_run(own: Lesson, run: Run | None, moment_step: int | None,
            weights: Sequence[np.ndarray] | None) -> Mapping[str, float]:
    if run is None:
        raise FieldError("run", "Train first: there is no run to look at.")
    check_config(own, run.config)
    if own.challenge.grade == "moment":
        return by_hand.moment_losses(run, moment_step)
    shown = weights if weights is not None else run.history.weights
    if shown is None:
        raise FieldError("run", "The weights of this moment are not known. Pause the run, or let it finish.")
    found = by_hand.line_losses(run.config, shown)
    if not all(map(math.isfinite, found.values())):
        raise FieldError("edits", "With these weights, the answers are no longer numbers. Choose smaller "
                         "weights.")
    return found
