"""Questions from earlier lessons: wrong answers at the start of a lesson, one more during a long run."""

import streamlit as st

from core.lessons.attempt import Attempt
from core.lessons.lesson import Lesson
from core.lessons.reading import lessons as all_lessons
from core.lessons.review import for_a_wait, mistakes
from ui.live.stage import Stage
from ui.session import lessons


def next_mistake(attempt: Attempt) -> Lesson | None:
    """The next question to ask before this lesson begins; None if there is none."""
    if attempt.locked:
        return None
    found = mistakes(attempt.lesson, tuple(all_lessons().values()), lessons.progress())
    return next((one for one in found if one.name not in attempt.reviewed), None)


def draw_mistake(stage: Stage, attempt: Attempt) -> None:
    """One question that the learner once got wrong."""
    earlier = next_mistake(attempt)
    if earlier is None:
        return
    st.markdown(f"Before you begin: a question from lesson {earlier.number} that you got wrong.")
    answered = _question(earlier, attempt)
    st.button("Continue" if answered else "Skip this question", key="lesson_reviewed",
              type="primary" if answered else "tertiary", on_click=attempt.reviewed.add, args=(earlier.name,))


def draw_wait(stage: Stage, attempt: Attempt) -> None:
    """A question, if the run takes long."""
    if attempt.waited:
        fill_wait(attempt)


def fill_wait(attempt: Attempt) -> None:
    """A question from an earlier lesson; always the same one during one wait."""
    earlier = for_a_wait(attempt.lesson, tuple(all_lessons().values()), lessons.progress(), attempt.reviewed)
    if earlier is not None:
        with st.container(key="lesson_wait"):
            st.markdown(f"While you wait, a question from lesson {earlier.number}:")
            _question(earlier, attempt)


def _question(earlier: Lesson, attempt: Attempt) -> bool:
    """Ask a question. Returns whether it is answered."""
    asked, key = earlier.prediction, f"lesson_again_{earlier.name}"
    texts = [option.text for option in asked.options]
    if st.session_state.get(key) != attempt.answers.get(earlier.name):
        st.session_state[key] = attempt.answers.get(earlier.name)

    def take() -> None:
        chosen = st.session_state[key]
        if chosen in range(len(texts)):
            attempt.answers[earlier.name] = chosen

    st.radio(f"**{asked.question}**", range(len(texts)), key=key, index=None, format_func=texts.__getitem__,
             on_change=take)
    chosen = attempt.answers.get(earlier.name)
    if chosen is None:
        return False
    option, right = asked.options[chosen], next(one for one in asked.options if one.right)
    mark = ":green[:material/check_circle:]" if option.right else ":orange[:material/cancel:]"
    # A reason that quotes numbers of a run means nothing without the run.
    plainly = "Right." if option.right else f"The answer was: {right.text}"
    why = plainly if "{" in option.why else option.why
    st.markdown(f"{mark} {why}")
    return True
