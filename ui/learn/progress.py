"""What the learner has passed and predicted, the certificate, and a way to delete it all."""

from collections.abc import Mapping

import streamlit as st

from core.lessons.lesson import Lesson
from core.lessons.reading import lessons as all_lessons
from core.lessons.summary import advice, calibration, passed
from core.paper.sheet import link
from core.store import LessonProgress
from ui.messages import plain
from ui.session import lessons

DELETED = "_progress_deleted"
_RIGHT = {True: ":green[:material/check_circle:] right", False: ":orange[:material/cancel:] wrong",
          None: "a sketch"}


def draw() -> None:
    """Lessons passed, predictions, and the certificate."""
    known, found = lessons.progress(), list(all_lessons().values())
    done = passed(found, known)
    st.markdown(f"You have passed **{len(done)} of {len(found)}** lessons. Your progress is kept for this "
                "browser, like your runs.")
    if any(one.predicted for one in known.values()):
        _predictions(found, known)
    st.markdown("##### Certificate")
    if done:
        st.caption("You can type your name on it before you print it. The name is not sent anywhere.")
        st.link_button("Open the certificate", link("certificate", "passed"), icon=":material/print:")
    else:
        st.caption("Once you have passed a lesson, you can print a certificate here.")
    _deletion(known)


def _deletion(known: Mapping[str, LessonProgress]) -> None:
    """Two presses delete everything, and one more undoes that."""
    if known:
        with st.popover("Delete my progress", icon=":material/delete:", key="progress_delete"):
            st.markdown("This deletes your predictions, your own sentences and what you have passed. You can "
                        "undo it as long as this page is open.")
            st.button("Delete all my progress", type="primary", key="progress_delete_all", on_click=_delete)
    elif st.session_state.get(DELETED):
        st.button("Undo the deletion", icon=":material/undo:", key="progress_undo", on_click=_undo)


def _delete() -> None:
    st.session_state[DELETED] = lessons.delete_progress()


def _undo() -> None:
    lessons.restore_progress(st.session_state.pop(DELETED, []))


def _predictions(found: list[Lesson], known: Mapping[str, LessonProgress]) -> None:
    st.markdown("##### Your predictions")
    judged = calibration(known)
    words = " ".join(one.words for one in judged)
    if words:
        st.markdown(f"{words} {advice(judged)}")
    for lesson in found:
        own = known.get(lesson.name)
        if own is not None and own.predicted:
            said = f" In your words: {plain(own.sentence)}" if own.sentence else ""
            st.markdown(f"{lesson.number}. **{lesson.title}**: {plain(own.predicted)} ({_RIGHT[own.right]})."
                        f"{said}")
