"""A page of notes on a lesson for teachers: the answers, and what to expect."""

from core.lessons.facts import NAMED
from core.lessons.lesson import GRADINGS, Lesson, PredictionQuestion
from core.paper.html import Html, inline, join, markdown, table, tag
from core.paper.sheet import MINUTES, Sheet, part, sheet


def notes(lesson: Lesson, address: str) -> Sheet:
    """The notes. address: the link that opens the lesson for a class."""
    title, challenge = f"{lesson.number}. {lesson.title}", lesson.challenge
    return sheet(
        f"Notes {title}", "notes",
        tag("header", tag("p", f"Notes for the teacher · {MINUTES}", class_="above"), tag("h1", title),
            tag("p", "Link for the class: ", tag("a", address, href=address), class_="address")),
        part("What learners should know at the end", tag("p", inline(lesson.idea))),
        part("The prediction", tag("p", tag("strong", inline(lesson.prediction.question))),
             _answers(lesson.prediction)),
        part("What happens", markdown(_unfilled(lesson.explain)), markdown(lesson.teacher)),
        part("The challenge", markdown(challenge.text),
             table(("Solution", "Should", "Passed"),
                   [(example.words, "pass" if example.passes else "fail", f"{example.passed} of {GRADINGS}")
                    for example in lesson.examples]),
             tag("p", "The three hints:"),
             tag("ol", *(tag("li", inline(hint)) for hint in challenge.hints))),
        part("Answers to the worksheet", tag("ol", *(
            tag("li", tag("em", inline(question)), tag("br"), inline(answer))
            for question, answer in zip(lesson.worksheet, lesson.answers, strict=True)))),
        tag("p", "Words in [brackets] stand for numbers from the learner's own run.", class_="small"))


def _answers(asked: PredictionQuestion) -> Html:
    """Which option is right, and what learners believe who choose another."""
    if not asked.options:
        return markdown(_unfilled(asked.why))
    return tag("ul", *(tag("li", tag("strong", join([inline(option.text), " (right)" * option.right])),
                           tag("br"), inline(_unfilled(option.why))) for option in asked.options))


def _unfilled(text: str) -> str:
    """A text for which there is no run: the names of its numbers in brackets."""
    return NAMED.sub(lambda found: f"[{found[1].replace('_', ' ')}]", text)
