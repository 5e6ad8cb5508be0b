"""Playground: choose, train, watch."""

import streamlit as st

from ui import style
from ui.form import form_state, permalink, sidebar
from ui.live import actions, details, panel, stream
from ui.session import link_runs, runs, script_runs

style.apply("stage_page.css")
runs.recognize()
link_runs.follow(form_state.follow_address())
stage = panel.stage()


def choices() -> None:
    """The sidebar. Where the stream tells the page what follows from a choice, nothing else runs again."""
    with script_runs.of_session().counted():
        config = sidebar.draw()
        stage.choose(config, form_state.refusal())
        if config:
            permalink.write(config, form_state.hidden(), form_state.locked(), stage.view)
        panel.follow(stage)


with st.sidebar:
    (st.fragment(choices) if stream.available() else choices)()

actions.draw(stage)
panel.draw(stage)
details.draw(stage)
