"""`Sheet`: something to print, and the parts that several sheets share."""

from dataclasses import dataclass
from urllib.parse import urlencode

from core.paper.html import Html, tag

# How long the pages of a lesson say it takes.
MINUTES = "5 to 10 minutes"
LONGEST = 600
# The page that shows sheets.
PATH = "print"

@dataclass(frozen=True)
class Sheet:
    """Something to print.

    Attributes:
        title: of the browser's tab, and so of the file that a browser prints to.
        body: an `article` whose class says what it is; `static/paper.css` says how that looks.
    """

    title: str
    body: Html

def link(name: str, value: str) -> str:
    """The address of a sheet, relative to a page of the app. name: one of `ui.paper.desk.SHEETS`."""
    return f"{PATH}?{urlencode({name: value})}"


def sheet(title: str, kind: str, *parts: str) -> Sheet:
    """A sheet of these parts. kind: its class in `static/paper.css`."""
    return Sheet(title, tag("article", *parts, class_=f"sheet {kind}"))

def part(heading: str, *inside: str, kind: str = "") -> Html:
    """A part with a heading of the second level, on one page if it fits."""
    return tag("section", tag("h2", heading), *inside, class_=kind or False)

def blank(label: str, hint: str = "") -> Html:
    """A line to write on, in ink or with the keyboard: what is typed is never sent anywhere.

    hint: what to write, where the label does not say it; not printed.
    """
    return tag("label", f"{label} ", tag("input", type="text", maxlength="120", autocomplete="off",
                                         placeholder=hint or False,
                                         aria_label=hint or False), class_="blank")

def lines(count: int) -> Html:
    """Empty lines to write on."""
    return tag("div", *(tag("div", class_="line") for _ in range(count)), class_="lines", aria_hidden="true")

def boxes(*options: str) -> Html:
    """Answers to tick."""
    box = tag("span", class_="box", aria_hidden="true")
    return tag("ul", *(tag("li", box, option) for option in options), class_="boxes")

def written(label: str, words: str = "", count: int = 2) -> Html:
    """Room for a learner's own words, which can be typed as well. words: those that are known already."""
    area = tag("textarea", words[:LONGEST], rows=str(count), maxlength=str(LONGEST), aria_label=label)
    return tag("div", area, class_="written")

def facts(pairs: dict[str, str]) -> Html:
    """Names and what they are, side by side."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", said)) for name, said in pairs.items()),
               class_="facts")
