"""The challenge: its task, hints, the numbers it asks for, and the check by the server."""

from collections.abc import Callable

import streamlit as st

from core.cluster.queue import Refused
from core.lessons.attempt import Attempt
from core.lessons.grading import Grading, judge, judge_at_once, submission
from core.lessons.lesson import HINTS, KERNEL, TRAINED
from core.lessons.reading import lessons as all_lessons
from core.paper.sheet import link
from core.parameters import FieldError
from core.runs.weight_edits import edited
from core.studies.study import Study
from ui.form import form_state
from ui.learn import opening, reviewing
from ui.live.stage import Stage
from ui.messages import plain, unbroken
from ui.session import lessons, runs, studies

LOOK_SECONDS = 1.0
CHECK = "lesson_check"


def draw(stage: Stage, attempt: Attempt) -> None:
    """What has to be reached; the fields follow."""
    st.markdown(attempt.lesson.challenge.text)


def draw_below(stage: Stage, attempt: Attempt) -> None:
    """What stands below the fields: numbers, the check and its verdict, hints, and what comes next."""
    with st.container(key="lesson_below"):
        _inputs(attempt)
        study = _study(attempt)
        going = study is not None and study.active
        st.button("Check my answer", key=CHECK, type="primary", icon=":material/fact_check:", width="stretch",
                  on_click=_check, args=(stage, attempt), disabled=going or _other(attempt))
        if going:
            st.fragment(_progress(attempt), run_every=LOOK_SECONDS)()
            reviewing.fill_wait(attempt)
        else:
            _verdict(attempt, study)
        _hints(attempt)
        _words(stage, attempt)


def _inputs(attempt: Attempt) -> None:
    asked = attempt.lesson.challenge.inputs
    with st.container(key="lesson_inputs"):
        # A kernel's numbers stand as the kernel does, and Tab goes through them row by row.
        square = attempt.lesson.challenge.grade == "kernel"
        places = ([column for _ in range(KERNEL)
                   for column in st.columns(KERNEL, vertical_alignment="bottom")] if square
                  else [st.container()] * len(asked))
    for place, one in zip(places, asked, strict=True):
        key = f"lesson_input_{one.name}"
        if st.session_state.get(key) != attempt.inputs.setdefault(one.name, one.default):
            st.session_state[key] = attempt.inputs[one.name]

        def take(name: str = one.name, key: str = key) -> None:
            attempt.inputs[name] = st.session_state[key]

        place.number_input(one.label, one.low, one.high, key=key, format="%g",
                           step=(one.high - one.low) / 100, on_change=take)


def _study(attempt: Attempt) -> Study | None:
    return next((study for study in studies.own(Grading) if study.id == attempt.study), None)


def _other(attempt: Attempt) -> bool:
    """Whether the answer to another lesson is being checked: one at a time."""
    return any(study.active and study.id != attempt.study for study in studies.own(Grading))


def _check(stage: Stage, attempt: Attempt) -> None:
    """Have the server grade what it knows of the learner's choices, runs and weights."""
    study = _study(attempt)
    if study is not None and study.active:  # a double click, or another tab that has not heard of it
        return
    attempt.verdict, attempt.problem, attempt.study = None, "", ""
    lesson = attempt.lesson
    try:
        if lesson.challenge.grade in TRAINED:
            tries = [run.config for run in stage.own.runs if run.id in attempt.runs]
            method = submission(lesson.name, form_state.config(), tries, attempt.inputs)
            attempt.study = studies.driver().submit(runs.sight().owner, method, runs.host()).id
        else:
            _judge_at_once(stage, attempt)
    except (FieldError, Refused) as error:
        attempt.problem = error.message


def _judge_at_once(stage: Stage, attempt: Attempt) -> None:
    run, weights = stage.seen, None
    found = run.history.evaluation if run is not None else None
    # Those that the stage shows: of an earlier moment if it shows that, with what was set by hand.
    if run is not None and found is not None and found.weights is not None:
        weights = edited(run.config, found.weights, stage.weights.edits(run))
    reached = lessons.progress_of(attempt.lesson).reached
    lessons.note_verdict(attempt, judge_at_once(attempt.lesson.name, stage.own.shown, stage.moment, weights,
                                                attempt.inputs, reached))


def _progress(attempt: Attempt) -> Callable[[], None]:
    def look() -> None:
        study = _study(attempt)
        if study is None or not study.active:
            st.rerun()
        elif study.place:
            st.caption(f"Waiting: number {study.place} in the queue.")
        else:
            done, all_epochs = int(study.results.done.sum()), study.method.plan.epochs
            st.progress(min(1.0, done / max(1, all_epochs)), f"Training again: {done} of {all_epochs} epochs")

    return look


def _verdict(attempt: Attempt, study: Study | None) -> None:
    if study is not None and attempt.verdict is None:
        found = judge(study)
        if found is not None:
            lessons.note_verdict(attempt, found)
    if attempt.problem:
        st.markdown(f":orange[:material/error:] {plain(attempt.problem)}")
    elif attempt.verdict is not None:
        passed = attempt.verdict.passed
        why = unbroken(plain(attempt.verdict.why))
        st.markdown((":green[:material/check_circle:] **Passed.** " if passed
                     else ":orange[:material/cancel:] **Not yet.** ") + why)


def _hints(attempt: Attempt) -> None:
    hints = attempt.lesson.challenge.hints
    for number in range(attempt.hints):
        st.markdown(f":material/lightbulb: {hints[number]}")
    if attempt.hints < HINTS and not (attempt.verdict and attempt.verdict.passed):
        st.button(f"Hint {attempt.hints + 1} of {HINTS}", key="lesson_hint", type="tertiary",
                  icon=":material/lightbulb:", on_click=_hint, args=(attempt,))


def _hint(attempt: Attempt) -> None:
    attempt.hints = min(HINTS, attempt.hints + 1)


def _words(stage: Stage, attempt: Attempt) -> None:
    """What the learner makes of it, and the next lesson."""
    known = lessons.progress_of(attempt.lesson)
    key = f"lesson_sentence_{attempt.lesson.name}"
    st.session_state.setdefault(key, known.sentence)
    st.text_area("In my own words", key=key, max_chars=300, height=80, placeholder="What did you find out?",
                 on_change=lambda: lessons.note(attempt.lesson, sentence=st.session_state[key]))
    run = stage.own.shown
    if run is not None:
        st.link_button("Report to print", link("run", run.id), icon=":material/print:", width="stretch",
                       help="One page to hand in, with your prediction and your own words.")
    if known.passed:
        _next(attempt)
    st.button("Start this lesson again", key="lesson_again", type="tertiary", icon=":material/replay:",
              on_click=opening.begin_again, help="With a new prediction, and without the runs made so far.")


def _next(attempt: Attempt) -> None:
    following = [one for one in all_lessons().values() if one.number > attempt.lesson.number]
    if following:
        st.button(f"Next: lesson {following[0].number}, {following[0].title}", key="lesson_next",
                  icon=":material/arrow_forward:", width="stretch", on_click=opening.open_lesson,
                  args=(following[0],))
    st.page_link("pages/learn.py", label="All lessons", icon=":material/school:",
                 query_params={"section": "lessons"})
