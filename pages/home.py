"""Home: what this is in a sentence, and three doors."""

from dataclasses import dataclass

import streamlit as st

from core.lessons.links import LabelledLink
from core.runs.examples import EXAMPLES
from ui import style
from ui.form import permalink
from ui.learn import links
from ui.session import runs


@dataclass(frozen=True)
class Door:
    """A way in. opens: what its button opens. more: links to something behind it."""

    title: str
    text: str
    opens: LabelledLink
    more: tuple[LabelledLink, ...]


def example(name: str, label: str) -> LabelledLink:
    """A link to one of the configs that workers compile in advance."""
    return LabelledLink.to(permalink.to_params(EXAMPLES[name]), label)


DOORS = {
    "try": Door(":material/play_circle: Try", "Choose data and a network, press **Train** and watch. Every "
                "change takes one click, and the new curve is drawn over the last one.",
                example("first", "Open the stage"),
                (example("handwriting", "70,000 handwritten digits"),
                 example("rows", "Digits, read row by row"),
                 LabelledLink("agents", "Watch an agent learn"))),
    "learn": Door(":material/school: Learn", "Predict, run, explain: lessons that check what you have "
                  "understood, experiments to try, and every word explained.",
                  LabelledLink("learn", "Start learning"),
                  (LabelledLink("?tour=1", "A tour of the page"),
                   LabelledLink("learn?section=lessons", "Lessons"),
                   LabelledLink("learn?section=ideas", "Ideas to try"),
                   LabelledLink("learn?section=words", "Words"),
                   LabelledLink("learn?section=questions", "Questions"))),
    "teachers": Door(":material/groups: For teachers", "Links that lock what a class should not change, what "
                     "learners believe before they have seen it, and how to fill a lesson.",
                     LabelledLink("learn?section=teachers", "Prepare a lesson"),
                     (LabelledLink("learn?section=teachers", "A plan for 45 minutes"),
                      LabelledLink("learn?section=ideas", "Ideas to show"))),
}


style.apply("learn.css")
runs.recognize()
st.title("Watch a neural network learn")
st.markdown("Train real neural networks in your browser: watch them learn, steer them, and look inside at "
            "any moment.")
with st.container(key="doors"):
    for column, (name, door) in zip(st.columns(3), DOORS.items(), strict=True):
        with column.container(border=True, height="stretch", key=f"door_{name}"):
            st.subheader(door.title)
            st.markdown(door.text)
            if st.button(door.opens.label, key=f"open_{name}", width="stretch",
                         type="primary" if name == "try" else "secondary"):
                st.switch_page(links.FILES[door.opens.page], query_params=door.opens.params)
            links.row(door.more)
