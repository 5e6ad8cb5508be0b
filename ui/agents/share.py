"""What stands in the header of the Agents page: a link to these choices, and files to take home."""

import json
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from core.agents.config import AgentConfig
from core.agents.script import script
from ui.agents import choices, link
from ui.messages import warn

_SCRIPT = "NumPy, or Keras and JAX; it needs nothing from this project."
NONE = "Fix the error in the sidebar first; then you can {}."


def draw(config: AgentConfig | None) -> None:
    """The popovers, and what to know about the link that was opened."""
    with st.container(key="files"):
        with st.container(horizontal=True, vertical_alignment="bottom", key="actions"):
            _share(config)
            _take_home(config)
        # A container of its own, so that what follows keeps its position: Streamlit rebuilds what moves.
        with st.container(key="notes"):
            refused = choices.link_refusal()
            if refused:
                warn(f"This link was not followed, so here are the defaults. {refused}")
                st.button("Close this note", key="close_note", icon=":material/close:", type="tertiary",
                          on_click=choices.forget_link_refusal)


def _share(config: AgentConfig | None) -> None:
    box = st.popover("Share", icon=":material/share:", key="agents_share", on_change="rerun")
    if not box.open:
        return
    with box:
        if config is None:
            st.caption(NONE.format("share this run"))
            return
        st.caption("The link opens this page with these settings.")
        base = (st.context.url or "").split("?")[0]
        st.code(f"{base}?{urlencode(link.to_params(config))}", language=None, wrap_lines=True)


def _take_home(config: AgentConfig | None) -> None:
    box = st.popover("Take it home", icon=":material/download:", key="agents_take_home", on_change="rerun")
    if not box.open:
        return
    with box:
        if config is None:
            st.caption(NONE.format("take it home"))
            return
        st.caption(f"The current choices: {config.name}.")
        name = f"{config.environment}_{config.method}"
        # Made only when it is clicked.
        st.download_button("Python script", partial(script, config), f"{name}.py", key="agents_take_script",
                           on_click="ignore", width="stretch", help=_SCRIPT)
        st.download_button("Configuration (.json)", partial(_json, config), f"{name}.json",
                           key="agents_take_config", on_click="ignore", width="stretch",
                           help="All settings as plain text.")


def _json(config: AgentConfig) -> str:
    return json.dumps(config.to_dict(), indent=2)
