"""Share: a link to this config, with controls hidden or locked for a class."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core.datasets.table_dataset import without_table
from core.lessons.lesson import Lesson
from core.runs.config import RunConfig
from core.runs.fields import PARAMETERS
from ui.form import form_state, permalink
from ui.session import lessons

# Labels of the fields, as in the sidebar. `dataset_parameters` are a dataset's own parameters.
LABELS = {field: PARAMETERS[field].label if field in PARAMETERS
          else f"{field.partition('_')[0].capitalize()}'s own parameters" for field in permalink.FIELDS} | {
    "architecture_parameters": "Layers", "augmentation_parameters": "Augmentation"}


def draw(config: RunConfig | None, seen: Mapping[str, Any]) -> None:
    """A popover that makes links; built when it is opened, with the choices of then.

    seen: how the stage is looked at.
    """
    box = st.popover("Share", icon=":material/share:", key="share", on_change="rerun")
    if not box.open:
        return
    with box:
        if config is None:
            st.caption("Fix the error in the sidebar first; then you can share this run.")
            return
        lesson = lessons.lesson()
        if lesson is not None:
            _lesson(lesson)
            return
        st.caption("The link opens this page with these settings. For a class, you can lock or hide some of "
                   "them.")
        chosen = {}
        for key, label, before in (("share_locked", "Locked (visible, cannot be "
                                                    "changed)", form_state.locked()),
                                   ("share_hidden", "Hidden", form_state.hidden())):
            # Set each time, because the browser builds the panel only when it is opened.
            st.session_state[key] = st.session_state.get(key, sorted(before))
            chosen[key] = frozenset(st.multiselect(
                label, permalink.FIELDS, key=key, format_func=LABELS.__getitem__, persist_state="session"))
        params = permalink.to_params(config, chosen["share_hidden"], chosen["share_locked"], seen)
        closed = permalink.unlinkable(config, params)
        if closed:
            st.info(closed, icon=":material/link_off:")
        else:
            _link(params)
        st.caption("The configuration as JSON:")
        st.code(json.dumps(without_table(config.to_dict())), language="json", wrap_lines=True)


def _lesson(lesson: Lesson) -> None:
    """A lesson is the same for everybody: its name is all there is to say."""
    st.caption("The link opens this lesson. Everybody who follows it begins at the beginning.")
    _link({permalink.LESSON: lesson.name})


def _link(params: Mapping[str, str]) -> None:
    base = (st.context.url or "").split("?")[0]
    st.code(f"{base}?{urlencode(params)}", language=None, wrap_lines=True)
