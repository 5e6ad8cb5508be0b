"""The report of a run: one page that a learner can hand in."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from core.charts import counted, loss_curve
from core.coach import coach_part
from core.formatting import amount
from core.lessons.attempt import Attempt
from core.lessons.judging import is_right, said, why
from core.metrics.measures import MEASURES
from core.paper.chosen import ChosenField, chosen, network
from core.paper.figures import picture
from core.paper.html import Html, inline, join, markdown, table, tag
from core.paper.sheet import Sheet, blank, facts, part, sheet, written
from core.runs.evaluations import Evaluation
from core.runs.run import Run
from core.views.panel_layout import TASK_LAYOUTS, Content, Examples
from core.views.status import WORDS, sentence, status

# How much fits on one page beside the pictures.
MOST_ROWS, MOST_CHOICES, MOST_ADVICE, LONGEST_LINK = 10, 16, 2, 160
CURVE, SQUARE = (340.0, 185.0), (340.0, 240.0)
NO_EXAMPLES = Examples(None, None, (0, 1))
TEST_LOSS = "Test loss"
MARKS = {True: "Right.", False: "Not right.", None: ""}
# How sure the learner was, in words that need no question before them.
SURE = ("a guess", "fairly sure", "certain")


@dataclass(frozen=True)
class Told:
    """What a report needs besides the run.

    Attributes:
        runs: all of the learner's, for the coach and for the lesson's explanation.
        examples: those of the dataset, for the simple guess in the table of results (the baseline).
        link: the address that opens the same settings; empty if there cannot be one.
        attempt: where the learner is in the run's lesson; None for a run outside of lessons.
        own_words: what the learner has already written about the lesson.
    """

    runs: Sequence[Run] = ()
    examples: Examples = NO_EXAMPLES
    link: str = ""
    attempt: Attempt | None = None
    own_words: str = ""


def report(run: Run, told: Told) -> Sheet:
    """The report of a run, whatever its status."""
    data = run.config.data
    layout, evaluation = TASK_LAYOUTS[data.task], run.history.evaluation
    square = layout.matrix(data, evaluation)
    results = layout.report(data, told.examples, evaluation)
    return sheet(
        f"Report {data.label}, {run.name}", "report",
        tag("header", tag("p", f"Deep Learning Playground · Report of a run · {_day(run)}", class_="above"),
            tag("h1", f"{data.label}: {run.name}")),
        tag("div", blank("Name:"), blank("Class:"), class_="blanks"),
        _predicted(run, told),
        part("What was trained", _facts(run), _choices(chosen(run.config)), _link(run, told.link)),
        part("Curves", tag("div", picture(loss_curve(run), *CURVE), picture(layout.curve(data, run), *CURVE),
                           class_="pair")),
        part("Results", tag("div", picture(square, *SQUARE), tag("div", _figures(run), table(
            results["columns"], results["rows"][:MOST_ROWS]),
                            tag("p", _note(results, evaluation), class_="small")), class_="pair")),
        _coach(run, told),
        part("In my own words", written("In my own words", told.own_words, 3)))


def _day(run: Run) -> str:
    return time.strftime("%d %B %Y, %H:%M", time.localtime(run.ended or run.created))


def _predicted(run: Run, told: Told) -> Html:
    """The prediction in the lesson that the run belongs to, and whether it was right."""
    attempt = told.attempt
    if attempt is None:
        return Html()
    lesson, sure = attempt.lesson, attempt.prediction.sure
    judged = attempt.explained(told.runs, run)
    verdict = attempt.verdict
    return part(
        f"Lesson {lesson.number}: {lesson.title}",
        tag("p", inline(lesson.prediction.question)),
        tag("p", tag("strong", "Predicted: "), said(attempt), f" ({SURE[sure]})" if sure is not None else "",
            *_judged(attempt, judged)),
        tag("p", tag("strong", "Challenge passed. " if verdict.passed else "Challenge not yet passed. "),
            verdict.why) if verdict else "")


def _judged(attempt: Attempt, run: Run | None) -> tuple[str, ...]:
    """Whether a prediction came true, and why; nothing before a run can tell."""
    if run is None:
        return ()
    right = is_right(attempt, run)
    # The words for an option that is right say so themselves.
    mark = "" if right and attempt.prediction.option is not None else MARKS[right]
    return ". ", tag("strong", mark), " ", inline(why(attempt, run))


def _facts(run: Run) -> Html:
    word, sign = WORDS[run.status]
    numbers = _numbers(run)
    compiled = run.history.compiled
    layers = [network(run.config) or "no hidden layer",
              *([amount(compiled.parameters, "parameter")] if compiled else ())]
    return join([facts({"Network": "; ".join(layers), "Epochs": numbers["Epoch"],
                        "Seed": str(run.config.seed)}),
                 tag("p", tag("strong", f"{sign} {word}. "), sentence(run))])


def _numbers(run: Run) -> dict[str, str]:
    return {number["name"]: number["value"] for number in status(run)["numbers"]}


def _choices(choices: Sequence[ChosenField]) -> Html:
    """The settings; first those that differ from their defaults, in bold."""
    shown = [join([choice.label, " ", tag("strong", choice.value) if choice.changed else choice.value])
             for choice in choices[:MOST_CHOICES]]
    more = len(choices) - len(shown)
    parts = [*shown, f"and {more} more"] if more else shown
    return tag("p", *(tag("span", one, class_="choice") for one in parts),
               " Bold: not the default. All other settings have their defaults.", class_="choices")


def _link(run: Run, address: str) -> Html:
    """Where the settings can be opened. What was done while the run trained is not among them."""
    if not address:
        return Html()
    same = run.status == "finished" and not run.history.learning_rates
    shown = address if len(address) <= LONGEST_LINK else f"{address[:LONGEST_LINK]}…"
    label = "To train this run again: " if same else "To open the same settings: "
    return tag("p", label, tag("a", shown, href=address), class_="address")


def _figures(run: Run) -> Html:
    """Loss and metric on the training, validation and test set."""
    numbers, measure = _numbers(run), MEASURES[run.config.data.task]
    # Of an earlier epoch than the rest, if the name says so.
    late = next(name for name in numbers if name.startswith(TEST_LOSS)).removeprefix(TEST_LOSS)
    return table(("", "Loss", measure.name), [
        ("Training", numbers["Loss"], numbers[measure.name]),
        ("Validation", numbers["Val. loss"], numbers[f"Val. {measure.later}"]),
        (f"Test{late}", numbers[f"{TEST_LOSS}{late}"], numbers[f"Test {measure.later}{late}"])])


def _note(results: Content, evaluation: Evaluation | None) -> str:
    """The note below the table, how many rows did not fit, and what the picture counts if that is not all."""
    more = len(results["rows"]) - MOST_ROWS
    parts = [results["note"], f"{amount(more, 'more row')} not shown here" if more > 0 else "",
             f"the picture is of {counted(evaluation)}" if evaluation and not evaluation.complete else ""]
    return "; ".join(filter(None, parts))


def _coach(run: Run, told: Told) -> Html:
    found = coach_part(run, told.runs)
    advice = [tag("li", tag("strong", f"{item['title']}. "), item["evidence"], " ", item["text"])
              for item in found["advice"][:MOST_ADVICE - (told.attempt is not None)]]
    if not advice and not found["line"]:
        return Html()
    return part("What the coach says", tag("ul", *advice) if advice else markdown(found["line"]))
