"""`Html`, a type for markup: all other text is escaped when it is put into markup, and markup never twice."""

from collections.abc import Iterable
from html import escape

from markdown_it import MarkdownIt

# HTML in a text stays text, and links with a dangerous address stay text too.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_VOID = frozenset({"br", "input", "hr"})


class Html(str):
    """Markup that may be put on a page as it is. All other text is escaped."""

    __slots__ = ()


def join(parts: Iterable[str]) -> Html:
    """These parts as markup, one after the other. Parts that are not `Html` are escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


def tag(name: str, *inside: str, **attributes: str | bool) -> Html:
    """An element. attributes: `class_` becomes `class`, `data_x` becomes `data-x`. True gives an attribute
    without a value; one that is False is left out.
    """
    said = "".join(f" {key.strip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
                   for key, value in attributes.items() if value is not False)
    return Html(f"<{name}{said}>" if name in _VOID else f"<{name}{said}>{join(inside)}</{name}>")


def markdown(text: str) -> Html:
    """Markdown, such as a text of a lesson, as paragraphs, lists and tables."""
    return Html(_MARKDOWN.render(text))


def inline(text: str) -> Html:
    """The same for a single paragraph inside another element."""
    return Html(_MARKDOWN.renderInline(text))


def table(columns: Iterable[str], rows: Iterable[Iterable[str]], kind: str = "") -> Html:
    """A table with a row of headings. kind: its CSS class."""
    head = tag("tr", *(tag("th", column, scope="col") for column in columns))
    body = (tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    return tag("table", tag("thead", head), tag("tbody", *body), class_=kind or False)
