"""The worksheet of a lesson: to predict, try and answer on paper, in groups. It contains no answers.

The idea and the explanation of a lesson would answer its own question, so they are left out too.
"""

from collections.abc import Callable, Mapping

from core.charts.style import axis
from core.lessons.attempt import SURE
from core.lessons.lesson import SKETCHED, Lesson
from core.paper.figures import picture
from core.paper.html import Html, inline, join, markdown, table, tag
from core.paper.sheet import MINUTES, Sheet, blank, boxes, lines, part, sheet

# Empty rows, to write down what was tried.
ROWS = 4
# Width and height of the axes for a sketch.
AXES = (380.0, 135.0)


def worksheet(lesson: Lesson, address: str) -> Sheet:
    """The worksheet. address: the link that opens the lesson, to type or to click."""
    title = f"{lesson.number}. {lesson.title}"
    return sheet(
        f"Worksheet {title}", "worksheet",
        tag("header", tag("p", f"Worksheet · {MINUTES} · in groups of two or three", class_="above"),
            tag("h1", title), tag("p", tag("a", address, href=address), class_="address")),
        tag("div", blank("Names:"), blank("Date:"), class_="blanks"),
        tag("section", markdown(lesson.text), class_="intro"),
        part("1. Predict, before you press Train", _question(lesson),
             tag("div", tag("p", "How sure are we?"), boxes(*SURE), class_="sure"), blank("Our reason:")),
        # What follows may say what happens: some challenges do.
        tag("p", "Fold the sheet back here. Predict before you unfold it.", class_="fold"),
        part("2. Try it, and write down what you see", markdown(lesson.look),
             table(("What we changed", "Result", "What we saw"), [("", "", "")] * ROWS, "results")),
        part("3. Challenge", markdown(lesson.challenge.text), blank("This worked:")),
        part("4. Questions", tag("ol", *(tag("li", inline(question), lines(2))
                                         for question in lesson.worksheet))),
        part("In one sentence: what did we learn?", lines(2)))


def _question(lesson: Lesson) -> Html:
    asked = lesson.prediction
    return join([tag("p", tag("strong", inline(asked.question))), _ANSWERS[asked.kind](lesson)])


def _options(lesson: Lesson) -> Html:
    return boxes(*(inline(option.text) for option in lesson.prediction.options))


def _number(lesson: Lesson) -> Html:
    unit = lesson.prediction.unit
    return blank(f"Our number ({unit}):" if unit else "Our number:")


def _sketch(lesson: Lesson) -> Html:
    """Empty axes, to draw on with a pencil."""
    asked = lesson.prediction
    # Both losses have one axis; the question says which curves to draw.
    names = " and ".join(dict.fromkeys(SKETCHED[curve].split()[-1] for curve in asked.curves))
    layout = {"xaxis": axis("Epoch", range=[0, lesson.config.epochs]),
              "yaxis": axis(names.capitalize(), range=[0, asked.top])}
    figure = {"about": "Axes to draw on", "traces": [], "layout": layout}
    return tag("div", picture(figure, *AXES), class_="axes")


_ANSWERS: Mapping[str, Callable[[Lesson], Html]] = {
    "choice": _options, "number": _number, "sketch": _sketch}
