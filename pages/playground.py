"""Playground: choose, train, watch."""

import streamlit as st

from ui import style
from ui.form import form_state, permalink, sidebar
from ui.learn import lesson_panel
from ui.live import actions, details, panel, stream
from ui.session import lessons, link_runs, runs, script_runs, tour

style.apply("stage_page.css", sidebar=True)
runs.recognize(lessons.own_runs)
tour.hear()
link_runs.follow(form_state.follow_address())
stage = panel.stage()


def choices() -> None:
    """The sidebar. Where the stream tells the page what follows from a choice, nothing else runs again."""
    with script_runs.of_session().counted():
        form_state.hold()
        lesson_panel.draw(stage)
        config = sidebar.draw()
        stage.choose(config, form_state.refusal())
        lesson_panel.draw_below(stage)
        if config:
            permalink.write(config, form_state.hidden(), form_state.locked(), stage.view, lessons.lesson())
        panel.follow(stage)


with st.sidebar:
    (st.fragment(choices) if stream.available() else choices)()

actions.draw(stage)
panel.draw(stage)
details.draw(stage)
