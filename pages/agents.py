"""Agents: choose a world, let an agent learn in it, watch and steer."""

import streamlit as st

from ui import style
from ui.agents import choices, link, panel, share, sidebar
from ui.live import stream
from ui.session import runs, script_runs

style.apply("stage_page.css", sidebar=True)
runs.recognize()
stage = panel.stage(choices.follow_address())


def choose() -> None:
    """The sidebar. With a stream, nothing else runs again at a choice."""
    with script_runs.of_session().counted():
        config = sidebar.draw(stage)
        stage.choose(config, choices.refusal())
        if config:
            link.write(config)
        panel.follow(stage)


with st.sidebar:
    (st.fragment(choose) if stream.available() else choose)()

share.draw(stage.choices)
panel.draw(stage)
