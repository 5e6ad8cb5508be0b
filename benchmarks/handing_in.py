"""Hands in a lesson's passing example by keyboard: fields, numbers, a line or a moment."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchmarks.keyboard import LONG, Keyboard, Unreachable, close
from core.datasets.splits import split
from core.lessons.by_hand import best_absolute, best_squares
from core.lessons.lesson import Example, Lesson
from core.parameters import Choice, FloatRange, IntList, IntRange, Parameter
from core.runs.fields import NESTED, PARAMETERS, option_label

Step = Callable[[], Any]
PICTURE, EDITOR = ".st-key-network [role=group][tabindex='0']", ".network-editor:not([hidden])"
# The step of the sidebar's sliders, which begin at 0.
SLIDER_STEP = 0.05
# Of the buttons that add or remove a number, for one field.
MOST_PRESSES = 12
# Milliseconds until the server has shown another moment.
MOMENT = 300


def hand_in(keys: Keyboard, lesson: Lesson, check: Callable[[], str], read: Step) -> str:
    """Do what the first passing example says, and have it checked. Returns the verdict's text.

    read: opens the lesson where it is closed.
    """
    example = next(one for one in lesson.examples if one.passes)
    if lesson.challenge.grade == "weights":
        return _lines(keys, lesson, example, check)
    if lesson.challenge.grade == "moment":
        _rewind(keys, read)
    for changes in example.tries:
        read()
        _change(keys, lesson, changes)
        keys.press("t")
        keys.until(".st-key-status[data-status=training], .st-key-status[data-status=compiling]")
        keys.until(".st-key-status:is([data-status=finished], [data-status=diverged])", LONG)
    read()
    _change(keys, lesson, example.changes)
    for name, value in example.inputs.items():
        _number(keys, f"lesson_input_{name}", value)
        keys.still()
    return check()


def _change(keys: Keyboard, lesson: Lesson, changes: Mapping[str, Any]) -> None:
    values = vars(lesson.challenge_config) | dict(changes)
    for parameter, key, value, name in _fields(values, changes):
        WIDGETS[type(parameter)](keys, key, value, name)
        # An answer that arrives while the next field is being filled would overwrite that field.
        keys.still()


def _fields(values: Mapping[str, Any],
            changes: Mapping[str, Any]) -> Iterator[tuple[Parameter, str, Any, str]]:
    """The parameter, its widget's key, the value, and the name under which its options have labels."""
    for name, value in changes.items():
        if name not in NESTED:
            yield PARAMETERS[name], name, value, name
            continue
        own = NESTED[name]
        entry = own.entry(values)
        for parameter in entry.parameters if entry else ():
            if parameter.name in value:
                yield (parameter, f"{values[own.choice] if own.choice else own.prefix}_{parameter.name}",
                       value[parameter.name], "")


def _number(keys: Keyboard, key: str, value: Any, _: str = "") -> None:
    if keys.there(f".st-key-{key} [role=slider], .st-key-{key} input[type=range]"):
        keys.to(f".st-key-{key} :is([role=slider], input[type=range])")
        keys.press("Home", *["ArrowRight"] * round(value / SLIDER_STEP))
        return
    keys.to(f".st-key-{key} input")
    keys.type(f"{value:g}")
    keys.press("Enter")


def _option(keys: Keyboard, key: str, value: str, name: str) -> None:
    keys.to(f".st-key-{key} input")
    keys.type(option_label(name, value) if name else value)
    keys.press("Enter")


def _list(keys: Keyboard, key: str, value: tuple[int, ...], _: str = "") -> None:
    boxes = keys.page.locator(f"[class*=st-key-{key}_] input")
    for _press in range(MOST_PRESSES):
        more = len(value) - boxes.count()
        if not more:
            break
        keys.enter(f".st-key-{key}_{'add' if more > 0 else 'remove'} button")
        keys.still()
    for place, one in enumerate(value, 1):
        _number(keys, f"{key}_{place}", one)


WIDGETS: dict[type, Callable[[Keyboard, str, Any, str], None]] = {
    Choice: _option, FloatRange: _number, IntRange: _number, IntList: _list}


def _rewind(keys: Keyboard, read: Step) -> None:
    """Go to the moment that the explanation names: from the first one, until the slider shows its epoch."""
    read()
    keys.enter(".st-key-lesson_explained summary")
    found = re.search(r"lowest after epoch (\d+)", keys.text(".st-key-lesson_explained"))
    if found is None:
        raise Unreachable("The explanation names no epoch.")
    keys.enter(".st-key-lesson_explained summary")
    close(keys)
    keys.to(".run-slider")
    keys.press("Home")
    for _ in range(60):
        keys.page.wait_for_timeout(MOMENT)
        at = re.match(r"Epoch ([\d.]+)", keys.page.get_attribute(".run-slider", "aria-valuetext"))
        if at is None or float(at[1]) >= float(found[1]):
            return
        keys.press("ArrowRight")


def _lines(keys: Keyboard, lesson: Lesson, example: Example, check: Callable[[], str]) -> str:
    """Set each line by its weight and its bias, in the picture of the network."""
    data = split(lesson.config.data, lesson.config.preparation)
    count, said = len(data.y) - data.validation, ""
    x, y = data.x[:count, 0].astype(float), data.y[:count, 0].astype(float)
    for name in example.lines:
        slope, height = (best_squares if name == "squared" else best_absolute)(x, y)
        for which, value in (("0", slope), ("bias", height)):
            close(keys)
            keys.to(PICTURE)
            keys.press("ArrowRight", "ArrowRight", "Enter")
            keys.until(EDITOR)
            keys.press("Shift+Tab")
            keys.press("ArrowUp" if which == "bias" else "ArrowDown", "Tab")
            keys.type(f"{value:.4g}")
            keys.press("Enter")
        said = check()
    return said
