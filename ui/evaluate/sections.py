"""The sections of the Evaluate page, one entry each; only the chosen one is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.runs.run import Run
from ui.evaluate import baselines, cross_validation, learning_curve, seeds, test_set
from ui.session.studies import SECTION

CHOSEN = SECTION


@dataclass(frozen=True)
class EvaluateSection:
    """One section. label: its button's text. draw: draws all of it, for a run in any status."""

    label: str
    draw: Callable[[Run], None]


SECTIONS: dict[str, EvaluateSection] = {
    "test_set": EvaluateSection("Test set", test_set.draw),
    "baselines": EvaluateSection("Classical baselines", baselines.draw),
    "cross_validation": EvaluateSection("Cross-validation", cross_validation.draw),
    "seeds": EvaluateSection("Seeds", seeds.draw),
    "learning_curve": EvaluateSection("Learning curve", learning_curve.draw),
}


def draw(run: Run) -> None:
    """The buttons that choose a section, and the chosen section."""
    if st.session_state.get(CHOSEN) not in SECTIONS:
        st.session_state[CHOSEN] = next(iter(SECTIONS))
    chosen = st.segmented_control("Section", list(SECTIONS), key=CHOSEN, required=True,
                                  format_func=lambda name: SECTIONS[name].label,
                                  label_visibility="collapsed", persist_state="session")
    with st.container(key=f"section_{chosen}"):
        SECTIONS[chosen or next(iter(SECTIONS))].draw(run)
