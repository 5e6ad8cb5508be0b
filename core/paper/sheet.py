"""`Sheet`: something to print, and the parts that several sheets share."""

from dataclasses import dataclass
from urllib.parse import urlencode

from core.paper.html import Html, tag

# How long a lesson takes, as its pages say.
MINUTES = "5 to 10 minutes"
LONGEST = 600
# The page that shows sheets.
PATH = "print"


@dataclass(frozen=True)
class Sheet:
    """Something to print.

    Attributes:
        title: the title of the browser's tab, and so the name of the file if it is printed to one.
        body: an `article` whose class says which kind of sheet it is; `static/paper.css` styles it.
        wide: whether it is printed in landscape format.
    """

    title: str
    body: Html
    wide: bool = False


def link(name: str, value: str) -> str:
    """The address of a sheet, relative to a page of the app. name: one of `ui.paper.desk.SHEETS`."""
    return f"{PATH}?{urlencode({name: value})}"


def sheet(title: str, kind: str, *parts: str, wide: bool = False) -> Sheet:
    """A sheet made of these parts. kind: its class in `static/paper.css`. wide: see `Sheet`."""
    return Sheet(title, tag("article", *parts, class_=f"sheet {kind}"), wide)


def part(heading: str, *inside: str) -> Html:
    """A part with a second-level heading. It is not split between two pages if it fits on one."""
    return tag("section", tag("h2", heading), *inside)


def blank(label: str, hint: str = "") -> Html:
    """A line to write on, by hand or with the keyboard. What is typed is never sent anywhere.

    hint: what to write, if the label does not say it; not printed.
    """
    return tag("label", f"{label} ", tag("input", type="text", maxlength="120", autocomplete="off",
                                         placeholder=hint or False,
                                         aria_label=hint or False), class_="blank")


def lines(count: int) -> Html:
    """Empty lines to write on."""
    return tag("div", *(tag("div", class_="line") for _ in range(count)), class_="lines", aria_hidden="true")


def boxes(*options: str) -> Html:
    """Options with boxes to tick."""
    box = tag("span", class_="box", aria_hidden="true")
    return tag("ul", *(tag("li", box, option) for option in options), class_="boxes")


def written(label: str, words: str = "", count: int = 2) -> Html:
    """Space for a learner's own words, by hand or typed. words: what the learner has already written."""
    area = tag("textarea", words[:LONGEST], rows=str(count), maxlength=str(LONGEST), aria_label=label)
    return tag("div", area, class_="written")


def facts(pairs: dict[str, str]) -> Html:
    """Names with their values, side by side."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", said)) for name, said in pairs.items()),
               class_="facts")
