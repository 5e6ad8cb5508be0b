"""`Lesson`: predict, run, explain, challenge; in text, numbers and names of entries in tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.runs.config import RunConfig

# How a challenge is graded, see `core.lessons.grading`: by training the choices again with new seeds, by
# five folds, by training the learner's last tries again, by weights set by hand, by the moment that the
# learner rewound to, or by a kernel.
GRADES = ("seeds", "folds", "tries", "weights", "moment", "kernel")
# Those that train.
TRAINED = ("seeds", "folds", "tries")
# A kernel has this many rows and columns.
KERNEL = 3
# Curves that a learner can sketch before they are drawn, and what they are called.
SKETCHED: Mapping[str, str] = {
    "loss": "training loss", "val_loss": "validation loss", "accuracy": "training accuracy",
    "val_accuracy": "validation accuracy"}
HINTS = 3
# How often `benchmarks.lessons` hands in each example.
GRADINGS = 20


@dataclass(frozen=True)
class Option:
    """One answer to choose. why: the comment on it after the run; it may contain facts such as `{loss}`."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class PredictionQuestion:
    """What the learner says before the run.

    Attributes:
        question: what is asked.
        options: to choose from; empty where a number or a sketch is asked for.
        fact: for a number, the fact (of `core.lessons.facts`) that answers it; otherwise empty.
        near: how far from that fact a number may be, in its unit.
        unit: of the number, such as "%"; may be empty.
        curves: the curves to sketch, of `SKETCHED`; empty where none are.
        top: the highest value on the axis of a sketch.
        why: the comment on a number or a sketch after the run; it may contain facts.
    """

    question: str
    options: tuple[Option, ...] = ()
    fact: str = ""
    near: float = 0.0
    unit: str = ""
    curves: tuple[str, ...] = ()
    top: float = 1.0
    why: str = ""

    @property
    def kind(self) -> str:
        """`choice`, `number` or `sketch`."""
        return "choice" if self.options else "sketch" if self.curves else "number"


@dataclass(frozen=True)
class NumberInput:
    """A number that a challenge asks for beside the run's settings, such as a threshold."""

    name: str
    label: str
    low: float
    high: float
    default: float


@dataclass(frozen=True)
class Challenge:
    """What the learner has to reach, and how the server checks it.

    Attributes:
        text: what the learner has to reach, and by which means.
        free: fields of the config that the learner may change for it, such as `learning_rate`,
            `architecture_parameters`, or a single one of these such as `dataset_parameters.count`.
        grade: one of `GRADES`.
        count: how many trainings grade it: seeds, folds, or the learner's last tries.
        check: a name in `core.lessons.checks.CHECKS`.
        values: its arguments.
        inputs: further numbers that it asks for.
        changes: what differs from the lesson's config when the challenge opens.
        hints: three, from the goal to the direction to the number.
    """

    text: str
    free: tuple[str, ...]
    grade: str
    check: str
    hints: tuple[str, ...]
    count: int = 3
    values: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[NumberInput, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)


# Lines that an example of the grade `weights` sets, one after another: the one with the lowest mean of the
# squared or of the absolute errors. Moments that one of `moment` rewinds to.
LINES, MOMENTS = ("squared", "absolute"), ("best", "last")


@dataclass(frozen=True)
class Example:
    """A solution that is known to pass or to fail; `benchmarks.lessons` grades it many times.

    Attributes:
        passes: whether the challenge is passed.
        words: the solution in words, for the page of notes.
        passed: how often it passed in `GRADINGS` gradings with new seeds, as `benchmarks.lessons` measured.
        changes: what differs from the challenge's config.
        tries: where tries are graded, what differs in each of them.
        inputs: the numbers that the challenge asks for.
        lines: of `LINES`, where weights are graded.
        moment: of `MOMENTS`, where a moment is graded.
    """

    passes: bool
    words: str
    passed: int
    changes: Mapping[str, Any] = field(default_factory=dict)
    tries: tuple[Mapping[str, Any], ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    moment: str = ""


@dataclass(frozen=True)
class Lesson:
    """One lesson, 5 to 10 minutes.

    Attributes:
        number, name, title: its place, from 1; its key in links and in progress; what the list shows.
        idea: what a learner knows at the end, in a sentence.
        text: at most 120 words, read before the prediction.
        config: what the stage opens with.
        free: fields of the config that the learner may change from the beginning.
        look: what to look at while it trains.
        explain: what happened, with facts of the learner's own run in braces.
        reviews: whether earlier mistakes are asked again at its beginning.
        teacher: what to expect in class, for the page of notes.
        worksheet: questions to answer on paper.
        answers: one for each of these questions, for the page of notes.
        examples: solutions that are known to pass or to fail.
    """

    number: int
    name: str
    title: str
    idea: str
    text: str
    config: RunConfig
    look: str
    prediction: PredictionQuestion
    explain: str
    challenge: Challenge
    teacher: str
    worksheet: tuple[str, ...]
    answers: tuple[str, ...]
    free: tuple[str, ...] = ()
    reviews: bool = False
    examples: tuple[Example, ...] = ()

    @property
    def challenge_config(self) -> RunConfig:
        """What the challenge opens with; a submission may differ from it in `challenge.free` alone."""
        return self.config.replaced(**self.challenge.changes)
