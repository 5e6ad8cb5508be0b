"""The live part of the Playground: it looks for news while there may be any, and draws it in place."""

import time
from collections.abc import Hashable

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState, get_script_run_ctx

from core.config import RunConfig
from core.datasets import Arrays, Dataset, DatasetUnavailable, available
from core.datasets.splitting import test_set
from core.panel import LivePanel
from core.parameters import FieldError
from ui import actions, choices, runs
from ui.live_plot import live_panel
from ui.presses import once

EVERY = "_every"


def draw(config: RunConfig) -> None:
    """The live panel, redrawn by itself while a run is going on or the workers are starting."""
    drawn = _state(config)
    st.session_state.pop(EVERY, None)
    jobs = runs.service().jobs
    every = runs.tick_seconds() or (0.5 if jobs.summary(config) is None else None)

    def tick() -> None:
        began = time.thread_time()
        if _state(config) != drawn:
            # The buttons and the table of layers are drawn by the page, which must follow.
            st.rerun()
        jobs.touch(st.session_state[runs.OWNER])
        _panel(config)
        _retime(every)
        runs.service().rate.note(time.thread_time() - began)

    st.fragment(tick, run_every=every)()


def _retime(before: float | None) -> None:
    """Tell the browser how often to look from now on, where that is not what the page told it.

    As `st.fragment` tells it (streamlit/runtime/fragment.py). The page itself would be built anew for it,
    and thirty of them at the moment when there is no time for it.
    """
    context, fragment, seconds = get_script_run_ctx(), ThreadState.get().fragment_id, runs.tick_seconds()
    if context is None or fragment is None or not context.fragment_ids_this_run:
        return  # the page's own run has told it
    if seconds and before and seconds != st.session_state.get(EVERY, before):
        st.session_state[EVERY] = seconds
        message = ForwardMsg()
        message.auto_rerun.interval, message.auto_rerun.fragment_id = seconds, fragment
        context.enqueue(message)


def _state(config: RunConfig) -> Hashable:
    """All that the page draws outside the panel, and that changes without a run of the whole page.

    The choices are part of it: a tick may bring what was typed before the page's own run does.
    """
    run = runs.shown()
    try:
        chosen = repr(choices.config())
    except FieldError as error:
        chosen = error.message
    return (run and run.id, tuple((run.id, run.active, run.controls.paused) for run in runs.all_runs()),
            runs.service().jobs.summary(config) is None, runs.tick_seconds() is None, chosen)


def _panel(config: RunConfig) -> None:
    run = runs.shown()
    followed = run.config if run else config
    live_panel("live", LivePanel(
        dataset=followed.data, shown=run, overlaid=runs.overlaid(), runs=tuple(runs.all_runs()),
        examples=_examples(followed.data, followed.seed), examples_name=followed.seed,
        features=actions.features(followed.data)), runs.show, once("overlay", runs.overlay))


def _examples(dataset: Dataset, seed: int) -> Arrays | None:
    try:
        return test_set(dataset.name, seed) if available(dataset.name) else None
    except DatasetUnavailable:
        return None
