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
    st.markdown("The examples to learn from are divided into folds with the same share of every class. Each "
                "fold is left out once, while the network trains on the others. So **every example is "
                "judged by a network that never saw it**, and the folds show how much a result depends on "
                "the choice of examples. Scaling is fitted to the training examples of each fold. The test "
                "set is not used.")
    config = run.config
    first, second, _ = st.columns([1, 1, 2])
    with first:
        widgets.draw(FOLDS, COUNT)
    with second:
        widgets.draw(REPEATS, REPEATED)

    def chosen() -> CrossValidation:
        return CrossValidation(config, widgets.value(FOLDS, COUNT), widgets.value(REPEATS, REPEATED))

    repeated.draw("folds", config, CrossValidation, chosen, "Train all folds", FOLDS_CARDS, folds_parts)
