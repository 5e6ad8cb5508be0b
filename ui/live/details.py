"""Layers and data of what the stage shows, in tables: drawn only while they are unfolded."""

import streamlit as st

from core.runs.config import RunConfig
from ui import about
from ui.live.stage import Stage
from ui.session import runs


def draw(stage: Stage) -> None:
    """A fold with the layers as Keras describes them, and the facts of the dataset."""
    config = stage.followed
    box = st.expander("Layers and data", key="details", on_change="rerun", icon=":material/table:")
    stage.details = bool(box.open)
    if not box.open or config is None:
        return
    with box:
        left, right = st.columns(2, gap="large")
        with left, st.container(key="layers"):
            _layers(config)
        with right, st.container(key="data"):
            st.subheader("Data")
            about.dataset_facts(config.data, config.scaling)


def _layers(config: RunConfig) -> None:
    st.subheader("Layers")
    service = runs.service()
    rows = service.run_service.questions.summary(config)
    about.layer_table(config, rows, service.workers.state)
