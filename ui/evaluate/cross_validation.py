"""K-fold cross-validation: every example is used once for validation, which shows how certain a result is."""

import streamlit as st

from core.runs.run import Run
from core.studies.repeats import FOLDS, REPEATS, CrossValidation
from core.views.study_board import FOLDS_CARDS, folds_parts
from ui.evaluate import repeated
from ui.form import widgets

COUNT, REPEATED = "folds_count", "folds_repeats"


def draw(run: Run) -> None:
    """The section, for the configuration of a run."""
    st.markdown("The examples to learn from are divided into folds, each with every class by its share. Each "
                "fold is left out once, and the others train: so **every example is judged by a network that "
                "never saw it**, and the folds tell how much a result depends on which examples those are. "
                "Scaling is fitted to each fold's own training examples. The test set stays aside.")
    config = run.config
    first, second, _ = st.columns([1, 1, 2])
    with first:
        widgets.draw(FOLDS, COUNT)
    with second:
        widgets.draw(REPEATS, REPEATED)

    def chosen() -> CrossValidation:
        return CrossValidation(config, widgets.value(FOLDS, COUNT), widgets.value(REPEATS, REPEATED))

    repeated.draw("folds", config, CrossValidation, chosen, "Train all folds", FOLDS_CARDS, folds_parts)
