"""`SHEETS`: what can be printed. The address names it, such as `print?worksheet=scaling`."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urlencode, urljoin

import streamlit as st

from core.lessons.lesson import Lesson
from core.lessons.links import LESSON
from core.lessons.reading import lessons
from core.lessons.summary import passed
from core.paper.certificate import certificate
from core.paper.chosen import CHOOSERS, opening
from core.paper.notes import notes
from core.paper.report import Told, report
from core.paper.sheet import Sheet
from core.paper.worksheet import worksheet
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.run import Run
from core.store import Unavailable
from core.views.panel_layout import Examples
from ui.form import permalink
from ui.live.stage import Stage
from ui.session import lessons as progress
from ui.session import runs

DAY = "%d %B %Y"


def chosen() -> Sheet | None:
    """The sheet that the address asks for; None if it asks for none, or for one that does not exist."""
    return next((made for name, make in SHEETS.items()
                 if name in st.query_params and (made := make(st.query_params[name]))), None)


def absolute(link: str) -> str:
    """The full address of a link relative to the app's root, such as `?lesson=scaling`."""
    return urljoin(st.context.url or "", f"./{link}")


def _of_lesson(make: Callable[[Lesson, str], Sheet]) -> Callable[[str], Sheet | None]:
    def made(name: str) -> Sheet | None:
        lesson = lessons().get(name)
        return make(lesson, absolute(f"?{urlencode({LESSON: lesson.name})}")) if lesson else None

    return made


def _of_learner(_: str) -> Sheet | None:
    found = passed(list(lessons().values()), progress.progress())
    own = [lesson for lesson, _ in found]
    return certificate(own, len(lessons()), time.strftime(DAY)) if own else None


def _of_run(run_id: str) -> Sheet | None:
    """The report of a run of this browser, whether it is in memory or in the database."""
    service, owner, own = runs.service(), runs.sight().owner, runs.all_runs()
    run = next((run for run in own if run.id == run_id), None) or _stored(run_id)
    if run is None:
        return None
    attempt = service.attempts.with_run(owner, run_id)
    return report(run, Told(
        own, Examples(*Stage(runs.sight()).examples(run.config), run.controls.features), opens(run.config),
        attempt, progress.progress_of(attempt.lesson).sentence if attempt else ""))


def _stored(run_id: str) -> Run | None:
    with suppress(Unavailable, FieldError):
        return runs.service().writer.store.reopened(runs.sight().owner, run_id)
    return None


def opens(config: RunConfig) -> str:
    """The shortest address that opens these settings; empty if there cannot be one."""
    params, usual, opened = (permalink.to_params(one) for one in (config, opening(config), RunConfig()))
    if permalink.unlinkable(config, params) or permalink.UPLOADED in config.dataset_parameters:
        return ""
    short = {name: text for name, text in params.items()
             if text != (opened if name in CHOOSERS else usual).get(name)}
    found = short if permalink.from_params(short).config == config else params
    return absolute(f"?{urlencode(found)}")


SHEETS: Mapping[str, Callable[[str], Sheet | None]] = {
    "worksheet": _of_lesson(worksheet), "notes": _of_lesson(notes), "run": _of_run,
    "certificate": _of_learner}
