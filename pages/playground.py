"""Playground: choose, train, watch."""

import streamlit as st

from ui import about, style
from ui.form import form_state, permalink, sidebar
from ui.live import actions, panel
from ui.messages import plain
from ui.session import link_runs, runs

style.apply()
runs.recognize()
link_runs.follow(form_state.follow_address())
config = sidebar.draw()
run = runs.shown()
followed = run.config if run else config
drawn = panel.state(config or followed)

actions.draw(config, run)
if config is None:
    # The sidebar says it too, but on a phone the sidebar is hidden.
    st.info(f"These choices cannot be trained yet. {plain(form_state.refusal())}",
            icon=":material/arrow_back:")
if followed:
    panel.draw(config or followed, drawn)

if config:
    permalink.write(config, form_state.hidden(), form_state.locked())
    left, right = st.columns(2, gap="large")
    with left, st.container(key="layers"):
        st.subheader("Layers")
        service = runs.service()
        rows = service.run_service.summary(config)
        about.layer_picture(config, rows)
        about.layer_table(config, rows, service.workers.state)
    with right, st.container(key="data"):
        st.subheader("Data")
        about.dataset_facts(config.data, config.scaling)
