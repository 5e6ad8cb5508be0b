"""What stands over the live panel: links, files and notes; and buttons where there is no stream."""

import streamlit as st

from core.datasets import Dataset, DatasetUnavailable, fetch
from core.runs.config import RunConfig
from core.runs.continuing import continues
from core.runs.run import Run
from core.views.run_bar import DIFFERENT, enabled
from ui.form import form_state, share, take_home
from ui.live import commands, stream
from ui.live.stage import PACES, STEP_UNITS, Stage
from ui.messages import plain, refuse, warn
from ui.session import link_runs, runs
from ui.session.presses import ignore_echo

PACE_KEY, UNIT_KEY, FEATURE_X, FEATURE_Y = "pace", "step_unit", "feature_x", "feature_y"
# Label and key of each button.
BUTTONS = {"train": ("Train", "T"), "pause": ("Pause", "P"), "resume": ("Resume", "G"),
           "step": ("Step", "N"), "stop": ("Stop", "S"), "reset": ("Reset", "Z")}


def draw(stage: Stage) -> None:
    """Links and files, what to know about the link or the last press; buttons without a stream."""
    streams = stream.available()
    with st.container(key="files" if streams else "buttons"):
        _row(stage, streams)
        # A container of its own, so that what follows keeps its position: Streamlit rebuilds what moves.
        with st.container(key="notes"):
            _notes(stage, streams)


def _row(stage: Stage, streams: bool) -> None:
    config, run = stage.choices, stage.own.shown
    with st.container(horizontal=True, vertical_alignment="bottom", key="actions"):
        if not streams:
            _buttons(stage, run)
        share.draw(config, stage.view)
        take_home.draw(config, run)
    if not streams:
        _settings(stage, run)


def _notes(stage: Stage, streams: bool) -> None:
    unfollowed = form_state.link_refusal()
    if unfollowed:
        warn(f"This link was not followed, so here are the defaults. {unfollowed}")
        st.button("Close this note", key="close_note", icon=":material/close:", type="tertiary",
                  on_click=form_state.forget_link_refusal)
    if not streams:
        if refused := runs.refusal():
            refuse(refused)
        elif stage.choices is None:
            # The sidebar says it too, but on a telephone that is out of sight.
            st.info(plain(stage.cannot), icon=":material/arrow_back:")
    _fetch(stage)


def obey(stage: Stage, name: str, value: object = None) -> None:
    """Carry out a command in a script run: on the choices that this very run brought."""
    stage.choose(form_state.config_or_none(), form_state.refusal())
    commands.obey(stage, name, value)


def _buttons(stage: Stage, run: Run | None) -> None:
    """All buttons, always, so that nothing jumps."""
    can = enabled(run, stage.choices)
    for key, (label, shortcut) in BUTTONS.items():
        st.button(label, key=key, shortcut=shortcut, disabled=not can[key], on_click=ignore_echo(key, obey),
                  args=(stage, key), type="primary" if key == "train" else "secondary")
    st.button("Continue from here", key="continue", on_click=ignore_echo("continue", obey),
              args=(stage, "continue"),
              disabled=stage.choices is None or not continues(run),
              help="Start a run with these settings that begins with this run's weights.")


def _settings(stage: Stage, run: Run | None) -> None:
    # Set each time, so that the widgets show what is so, whoever changed it.
    st.session_state[PACE_KEY], st.session_state[UNIT_KEY] = stage.pace, stage.unit
    data = (run.config if run else stage.choices or RunConfig()).data
    with st.container(horizontal=True, vertical_alignment="bottom", key="view"):
        st.segmented_control("Step by", list(STEP_UNITS), key=UNIT_KEY, required=True,
                             help="What one press of Step does.", persist_state="session",
                             on_change=lambda: obey(stage, "unit", st.session_state[UNIT_KEY]))
        st.selectbox("Pace", list(PACES), key=PACE_KEY, width=150, persist_state="session",
                     help="How fast the epochs go by, at most. Takes effect immediately.",
                     on_change=lambda: obey(stage, "pace", st.session_state[PACE_KEY]))
        _feature_choice(stage, data, run)
        if link_runs.strange(run, stage.choices):
            # Within the row, so that it pushes nothing.
            st.caption(DIFFERENT)


def _feature_choice(stage: Stage, dataset: Dataset, run: Run | None) -> None:
    """For the classes of a table: which two features the decision regions are drawn over."""
    if not dataset.has_regions:
        return
    pair = run.controls.features if run else stage.columns(dataset)
    st.session_state[FEATURE_X], st.session_state[FEATURE_Y] = pair
    for key, other, label in ((FEATURE_X, FEATURE_Y, "Regions: across"),
                              (FEATURE_Y, FEATURE_X, "Regions: up")):
        free = [column for column in range(len(dataset.features)) if column != st.session_state[other]]
        st.selectbox(label, free, key=key, format_func=dataset.features.__getitem__, width=210,
                     persist_state="session", on_change=lambda: obey(stage, "features", [
                         st.session_state[FEATURE_X], st.session_state[FEATURE_Y]]))


def _fetch(stage: Stage) -> None:
    """Download the dataset that Train was pressed for, and train."""
    # Kept until it is done: a click meanwhile restarts this page, and the download with it.
    paused, config = stage.fetch, stage.choices
    if paused is None or config is None:
        return
    place, streams = st.empty(), stream.available()

    def told(done: int, total: int) -> None:
        stage.fetching = f"Downloading {config.data.label}: {done / 2**20:.1f} of {total / 2**20:.1f} MB"
        if streams:
            # The run bar says it, where it does not push the charts down. A click can interrupt this call.
            place.empty()
        else:
            place.progress(min(1.0, done / max(1, total)), stage.fetching)

    stage.fetching = f"Downloading {config.data.label} ..."
    try:
        fetch(config.dataset, told)
    except DatasetUnavailable as error:
        stage.fetch, stage.fetching, stage.own.refused = None, "", str(error)
        place.empty()
        if not streams:
            refuse(str(error))
        return
    stage.fetch, stage.fetching = None, ""
    run = stage.begin(config, paused)
    if run and paused:
        stage.grant(run)
    st.rerun()
