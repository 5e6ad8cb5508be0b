"""The same config with many seeds: how much of a difference is chance."""

import streamlit as st

from core.runs.run import Run
from core.studies.repeats import SEEDS, Seeds
from core.views.study_board import SEEDS_CARDS, seeds_parts
from ui.evaluate import repeated
from ui.form import widgets

COUNT = "seeds_count"


def draw(run: Run) -> None:
    """The section, for the configuration of a run."""
    st.markdown("The seed decides everything random: which examples are used for validation, the initial "
                "weights, the order of the examples. **The band shows what chance alone does.** Two "
                "configurations whose results differ by less than the width of the band may be equally good.")
    config = run.config
    with st.columns([1, 3])[0]:
        widgets.draw(SEEDS, COUNT)
    repeated.draw("seeds", config, Seeds, lambda: Seeds(config, widgets.value(SEEDS, COUNT)),
                  "Train all seeds", SEEDS_CARDS, seeds_parts)
