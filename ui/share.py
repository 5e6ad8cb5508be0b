"""The share panel: a link to this configuration, with controls hidden or locked for a class."""

import json
from urllib.parse import urlencode

import streamlit as st

from core.config import RunConfig
from core.datasets.uploads import without_table
from ui import choices, permalink

LABELS = {"architecture_parameters": "layers", "optimizer_parameters": "optimizer's own parameters"}


def draw(config: RunConfig | None) -> None:
    """A popover that makes links."""
    with st.popover("Share", icon=":material/share:"):
        if config is None:
            st.caption("Mend what is refused first; then there is something to share.")
            return
        st.caption("The link opens this page with these choices. For a class, take some of them away.")
        names = {field: LABELS.get(field, field.replace("_", " ")) for field in permalink.FIELDS}
        chosen = {}
        for key, label, before in (("share_locked", "Locked (seen, not changed)", choices.locked()),
                                   ("share_hidden", "Hidden", choices.hidden())):
            # Put there each time: the browser builds the panel only when it is opened.
            st.session_state[key] = st.session_state.get(key, sorted(before))
            chosen[key] = frozenset(st.multiselect(
                label, permalink.FIELDS, key=key, format_func=names.__getitem__, persist_state="session"))
        params = permalink.to_params(config, chosen["share_hidden"], chosen["share_locked"])
        base = (st.context.url or "").split("?")[0]
        st.code(f"{base}?{urlencode(params)}", language=None, wrap_lines=True)
        st.caption("The configuration as JSON:")
        st.code(json.dumps(without_table(config.to_dict())), language="json", wrap_lines=True)
