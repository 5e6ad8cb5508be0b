"""The learning curve: how much more training examples help, and what a start on other data saves."""

import streamlit as st

from core.runs.run import Run
from core.studies.learning import CURVE_SEEDS, LearningCurve
from core.views.study_board import LEARNING_CARDS, learning_parts
from ui.evaluate import repeated
from ui.form import widgets

COUNT = "curve_seeds"


def draw(run: Run) -> None:
    """The section, for the configuration of a run."""
    st.markdown("The same network learns from ever more training examples. **Where the curve still rises, "
                "more data would help.** A run whose start learned from other data is compared with one from "
                "scratch: how many examples does the transfer save?")
    config = run.config
    with st.columns([1, 3])[0]:
        widgets.draw(CURVE_SEEDS, COUNT)
    repeated.draw("learning_curve", config, LearningCurve,
                  lambda: LearningCurve(config, widgets.value(CURVE_SEEDS, COUNT)), "Train all sizes",
                  LEARNING_CARDS, learning_parts)
