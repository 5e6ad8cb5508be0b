"""Reads lessons from `entries/NN_name.toml`, one file each; an error names the file and the field."""

import dataclasses
import inspect
import types
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core.lessons import facts
from core.lessons.checks import CHECKS
from core.lessons.from_toml import TableError, loaded, made
from core.lessons.lesson import (
    GRADES,
    GRADINGS,
    HINTS,
    KERNEL,
    LINES,
    MOMENTS,
    SKETCHED,
    Challenge,
    Example,
    Lesson,
    PredictionQuestion,
)
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.fields import NESTED

ENTRIES = Path(__file__).parent / "entries"
MOST_WORDS = 120
# Most trainings that grade one challenge.
MOST_TRAININGS = 10


@cache
def lessons() -> Mapping[str, Lesson]:
    """All lessons by name, in their order. Raises `TableError`."""
    found = [read(path) for path in sorted(ENTRIES.glob("*.toml"))]
    return types.MappingProxyType({lesson.name: lesson for lesson in found})


def read(path: Path) -> Lesson:
    """The lesson in one file, named `NN_name.toml` after its number and name. Raises `TableError`."""
    values = loaded(path)
    number, _, name = path.stem.partition("_")
    if not number.isdecimal():
        raise TableError(f"{path.name}: the name of the file must be a number, _ and the lesson's name.")
    try:
        config = RunConfig.from_dict(values.get("config", {}))
        lesson = made(Lesson, {**values, "number": int(number), "name": name, "config": config}, path.name)
        _check(lesson)
    except TableError:
        raise
    except (ValueError, FieldError) as error:
        raise TableError(f"{path.name}: {error}") from error
    return lesson


def words(text: str) -> int:
    """How many words a text has, as readers count them."""
    return len(text.split())


def _check(lesson: Lesson) -> None:
    if words(lesson.text) > MOST_WORDS:
        raise ValueError(f"text has {words(lesson.text)} words; {MOST_WORDS} at most")
    for name in (*lesson.free, *lesson.challenge.free):
        if not _is_field(name, lesson.config):
            raise ValueError(f"free names {name}, which is no field of a config")
    if len(lesson.answers) != len(lesson.worksheet):
        raise ValueError(f"answers must be one for each question of worksheet: {len(lesson.worksheet)}, got "
                         f"{len(lesson.answers)}")
    _ = lesson.challenge_config  # raises what is wrong with its changes
    facts.check_names(lesson.explain, "explain")
    _check_prediction(lesson.prediction)
    _check_challenge(lesson.challenge)
    for index, example in enumerate(lesson.examples):
        _check_example(lesson, example, f"examples[{index}]")


def _is_field(name: str, config: RunConfig) -> bool:
    """Whether a config has this field, or one of its entries this parameter: `dataset_parameters.count`."""
    field, dot, own = name.partition(".")
    if not dot:
        return field in {entry.name for entry in dataclasses.fields(RunConfig)}
    return field in NESTED and own in getattr(config, field)


def _check_prediction(prediction: PredictionQuestion) -> None:
    kinds = [bool(prediction.options), bool(prediction.fact), bool(prediction.curves)]
    if sum(kinds) != 1:
        raise ValueError("prediction needs either options, a fact or curves")
    if prediction.options and sum(option.right for option in prediction.options) != 1:
        raise ValueError("prediction.options needs exactly one that is right")
    if not prediction.options and not prediction.why:
        raise ValueError("prediction.why is missing")
    if prediction.fact and not isinstance(facts.FACTS.get(prediction.fact), facts.Fact):
        raise ValueError(f"prediction.fact must be one of {', '.join(facts.FACTS)}, got {prediction.fact!r}")
    for index, option in enumerate(prediction.options):
        facts.check_names(option.why, f"prediction.options[{index}].why")
    facts.check_names(prediction.why, "prediction.why")
    for curve in prediction.curves:
        if curve not in SKETCHED:
            raise ValueError(f"prediction.curves names {curve}; there are {', '.join(SKETCHED)}")


def _check_challenge(challenge: Challenge) -> None:
    if challenge.grade not in GRADES:
        raise ValueError(f"challenge.grade must be one of {', '.join(GRADES)}, got {challenge.grade!r}")
    for index, hint in enumerate(challenge.hints):
        facts.check_names(hint, f"challenge.hints[{index}]")
    if len(challenge.hints) != HINTS:
        raise ValueError(f"challenge.hints must be {HINTS}: the goal, the direction, the number")
    if not 1 <= challenge.count <= MOST_TRAININGS:
        raise ValueError(f"challenge.count must be from 1 to {MOST_TRAININGS}, got {challenge.count}")
    for number in challenge.inputs:
        if not number.low <= number.default <= number.high:
            raise ValueError(f"challenge.inputs: the default of {number.name} must be from {number.low:g} to "
                             f"{number.high:g}, got {number.default:g}")
    _check_values(challenge)


def _check_values(challenge: Challenge) -> None:
    """Raises `ValueError` for a check that does not exist, or that gets other arguments than it needs."""
    if challenge.check not in CHECKS:
        raise ValueError(f"challenge.check must be one of {', '.join(CHECKS)}, got {challenge.check!r}")
    check = CHECKS[challenge.check]
    if challenge.grade not in check.grades:
        raise ValueError(f"challenge.grade must be {' or '.join(check.grades)} for {challenge.check}, got "
                         f"{challenge.grade!r}")
    for name in challenge.values:
        if name not in check.arguments:
            raise ValueError(f"challenge.values.{name}: {challenge.check} has no such argument; it has "
                             f"{', '.join(check.arguments)}")
    for name, own in check.arguments.items():
        if name in challenge.values:
            _check_type(name, challenge.values[name], own.annotation)
        elif own.default is inspect.Parameter.empty:
            raise ValueError(f"challenge.values.{name} is missing; {challenge.check} needs it")
    inputs = [own.name for own in challenge.inputs]
    if challenge.grade == "kernel" and len(inputs) != KERNEL**2:
        raise ValueError(f"challenge.inputs must be {KERNEL**2} numbers for a kernel, got {len(inputs)}")
    for name in check.inputs:
        if name not in inputs:
            raise ValueError(f"challenge.inputs needs one named {name}; {challenge.check} reads it")


def _check_example(lesson: Lesson, example: Example, field: str) -> None:
    challenge = lesson.challenge
    if not 0 <= example.passed <= GRADINGS:
        raise ValueError(f"{field}.passed must be from 0 to {GRADINGS}, got {example.passed}")
    for changes in (example.changes, *example.tries):
        lesson.challenge_config.replaced(**changes)  # raises what is wrong with them
    names = {own.name for own in challenge.inputs}
    if set(example.inputs) != names:
        raise ValueError(f"{field}.inputs must have {', '.join(sorted(names)) or 'nothing'}, got "
                         f"{', '.join(sorted(example.inputs)) or 'nothing'}")
    if len(example.tries) != (challenge.count if challenge.grade == "tries" else 0):
        raise ValueError(f"{field}.tries must be {challenge.count} where the grade is tries, got "
                         f"{len(example.tries)}")
    if bool(example.lines) != (challenge.grade == "weights") or not set(example.lines) <= set(LINES):
        raise ValueError(f"{field}.lines must be some of {', '.join(LINES)} where the grade is weights")
    if (example.moment in MOMENTS) != (challenge.grade == "moment"):
        raise ValueError(f"{field}.moment must be {' or '.join(MOMENTS)} where the grade is moment")


def _check_type(name: str, value: Any, kind: type) -> None:
    allowed = (int, float) if kind is float else (kind,)
    if not isinstance(value, allowed) or isinstance(value, bool):
        raise ValueError(f"challenge.values.{name} must be of type {kind.__name__}, got {value!r}")

