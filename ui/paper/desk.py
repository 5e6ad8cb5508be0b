"""`SHEETS`: what can be printed. The address says what: `print?worksheet=scaling`."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urljoin

import streamlit as st

from core.lessons.lesson import Lesson
from core.lessons.links import LESSON
from core.lessons.reading import lessons
from core.paper.notes import notes
from core.paper.sheet import Sheet
from core.paper.worksheet import worksheet

PATH = "print"


def chosen() -> Sheet | None:
    """The sheet that the address asks for; None where it asks for none, or for one that is not there."""
    return next((made for name, make in SHEETS.items()
                 if name in st.query_params and (made := make(st.query_params[name]))), None)


def link(name: str, value: str) -> str:
    """The address of a sheet for a page of the app, relative to it. name: one of `SHEETS`."""
    return f"{PATH}?{urlencode({name: value})}"


def absolute(link: str) -> str:
    """A link from the app's root as the browser can open it anywhere, such as `?lesson=scaling`."""
    return urljoin(st.context.url or "", f"./{link}")


def _of_lesson(make: Callable[[Lesson, str], Sheet]) -> Callable[[str], Sheet | None]:
    def made(name: str) -> Sheet | None:
        lesson = lessons().get(name)
        return make(lesson, absolute(f"?{urlencode({LESSON: lesson.name})}")) if lesson else None

    return made


SHEETS: Mapping[str, Callable[[str], Sheet | None]] = {
    "worksheet": _of_lesson(worksheet), "notes": _of_lesson(notes)}
