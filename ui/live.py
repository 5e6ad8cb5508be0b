"""The live part of the Playground: it looks for news while there may be any, and draws it in place."""

from collections.abc import Hashable

import streamlit as st

from core.config import RunConfig
from core.datasets import Arrays, Dataset, DatasetUnavailable, available
from core.datasets.splitting import test_set
from core.panel import LivePanel
from ui import actions, runs
from ui.live_plot import live_panel


def draw(config: RunConfig) -> None:
    """The live panel, redrawn by itself while a run is going on or the workers are starting."""
    drawn = _state(config)
    jobs = runs.service().jobs
    waiting = jobs.summary(config) is None
    going = sum(run.active for run in runs.all_runs())
    every = runs.tick_seconds(going) if going else 0.5 if waiting else None

    def tick() -> None:
        if _state(config) != drawn:
            # The buttons and the table of layers are drawn by the page, which must follow.
            st.rerun()
        jobs.touch(st.session_state[runs.OWNER])
        _panel(config)

    st.fragment(tick, run_every=every)()


def _state(config: RunConfig) -> Hashable:
    """All that the page draws outside the panel, and that changes without a click."""
    return (tuple((run.id, run.active, run.controls.paused) for run in runs.all_runs()),
            runs.service().jobs.summary(config) is None)


def _panel(config: RunConfig) -> None:
    run = runs.shown()
    followed = run.config if run else config
    live_panel("live", LivePanel(
        dataset=followed.data, shown=run, overlaid=runs.overlaid(), runs=tuple(runs.all_runs()),
        examples=_examples(followed.data, followed.seed), examples_name=followed.seed,
        features=actions.features()), runs.show, runs.overlay)


def _examples(dataset: Dataset, seed: int) -> Arrays | None:
    try:
        return test_set(dataset.name, seed) if available(dataset.name) else None
    except DatasetUnavailable:
        return None
