"""What a learner hands in to be graded, checked against the lesson: configs and numbers."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from core.lessons.lesson import Challenge, Lesson
from core.lessons.reading import lessons
from core.parameters import FieldError, FloatRange, Parameter, field_name, short_repr
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS, TABLES, option_label

# The learner's seed does not count: each training that grades has one of the server's.
_IGNORED = ("seed",)
_MOST_SEED = 2**31


def lesson_of(name: str) -> Lesson:
    """The lesson of that name. Raises `FieldError`."""
    found = lessons().get(name) if isinstance(name, str) else None
    if found is None:
        raise FieldError("lesson", f"There is no lesson {short_repr(name)}. The lessons are "
                         f"{', '.join(lessons())}.")
    return found


def fresh_seeds(count: int) -> tuple[int, ...]:
    """Seeds that nobody can know before."""
    return tuple(secrets.randbelow(_MOST_SEED) for _ in range(count))


def plain_fields(config: RunConfig) -> dict[str, Any]:
    """Every field of a config by its dotted name, such as `optimizer_parameters.momentum`."""
    found: dict[str, Any] = {}
    for entry in fields(config):
        value = getattr(config, entry.name)
        if entry.name in NESTED:
            found |= {f"{entry.name}.{name}": own for name, own in value.items()}
        elif entry.name == "start":
            found["start"] = value and value.to_dict({})
        else:
            found[entry.name] = value
    return found


def is_free(name: str, free: Sequence[str]) -> bool:
    """Whether a field may be changed: it is named, or belongs to one that is.

    A learner who may choose an entry of a table, such as the optimizer, may set its parameters as well.
    """
    whole = name.partition(".")[0]
    choice = NESTED[whole].choice if whole in NESTED else None
    return name in free or whole in free or (choice is not None and choice in free)


def check_config(lesson: Lesson, config: RunConfig) -> None:
    """Raises `FieldError` for the first field that differs from the challenge and is not free."""
    wanted, found = plain_fields(lesson.challenge_config), plain_fields(config)
    for name in {**wanted, **found}:
        differs = wanted.get(name) != found.get(name)
        if differs and name not in _IGNORED and not is_free(name, lesson.challenge.free):
            raise FieldError(name, _kept(name, lesson.challenge_config, wanted.get(name), found.get(name)))


def _kept(name: str, config: RunConfig, wanted: Any, found: Any) -> str:
    if name == "start":
        return ("For this challenge the network starts from new weights. Remove the start of the run in the "
                "sidebar.")
    parameter = _parameter(name, config)
    label = parameter.label if parameter else name
    if parameter is None or found is None:
        return (f"For this challenge, {label} stays as the lesson has it. Start the lesson again to get it "
                "back.")
    written = [option_label(name, value) if name in TABLES else parameter.format(value) or "none"
               for value in (wanted, found)]
    return (f"For this challenge, {label} stays at {written[0]}; you have {written[1]}. Set it back to "
            f"{written[0]}.")


def _parameter(name: str, config: RunConfig) -> Parameter | None:
    field, dot, own = name.partition(".")
    if not dot:
        return PARAMETERS.get(field)
    return next((one for one in NESTED[field].entry(vars(config)).parameters if one.name == own), None)


def checked_inputs(challenge: Challenge, inputs: Mapping[str, Any]) -> dict[str, float]:
    """The numbers that a challenge asks for, in its order. Raises `FieldError` for others, or beyond."""
    wanted = {own.name: own for own in challenge.inputs}
    if not isinstance(inputs, Mapping):
        raise FieldError("inputs", f"The numbers must be a mapping of names to numbers, got "
                         f"{short_repr(inputs)}.")
    for name in inputs:
        if name not in wanted:
            raise FieldError(field_name(name, "inputs"), "This challenge does not ask for "
                             f"{short_repr(name)}.")
    return {name: FloatRange(name, own.label, "", own.low, own.high, own.default).check(
        inputs.get(name), field=f"inputs.{name}") for name, own in wanted.items()}


def last_tries(lesson: Lesson, tries: Sequence[RunConfig]) -> tuple[RunConfig, ...]:
    """The learner's last distinct tries that fit the challenge, oldest first, as many as it grades.

    tries: the configs of the learner's runs, newest last. Raises `FieldError` for too few.
    """
    found: dict[str, RunConfig] = {}
    count = lesson.challenge.count
    for config in reversed(tries):
        if len(found) == count:
            break
        try:
            check_config(lesson, config)
        except FieldError:
            continue  # a run of another lesson, or of none
        own = config.replaced(seed=0)
        found.setdefault(own.key, own)
    if len(found) < count:
        raise FieldError("tries", f"This challenge needs {count} runs with different settings; you have "
                         f"trained {len(found)} so far. Train {count - len(found)} more.")
    return tuple(reversed(found.values()))
