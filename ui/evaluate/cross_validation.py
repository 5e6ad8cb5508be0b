"""K-fold cross-validation: every example validates once, and the results tell how sure they are."""

import streamlit as st

from core.board import FOLDS_CARDS, folds_parts
from core.run import Run
from core.sweeps.repeats import FOLDS, REPEATS, CrossValidation
from ui import forms
from ui.evaluate import repeated

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
        forms.draw(FOLDS, COUNT)
    with second:
        forms.draw(REPEATS, REPEATED)

    def chosen() -> CrossValidation:
        return CrossValidation(config, forms.value(FOLDS, COUNT), forms.value(REPEATS, REPEATED))

    repeated.draw("folds", config, CrossValidation, chosen, "Train all folds", FOLDS_CARDS, folds_parts)
