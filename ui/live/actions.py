"""The buttons of a run: Train, Pause, Resume, Step, Stop, Reset, and the pace."""

from collections.abc import Callable

import streamlit as st

from core.datasets import Dataset, DatasetUnavailable, available, fetch
from core.datasets.telling import telling_features
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import PACE, Controls
from core.runs.run import Run
from ui.form import form_state, share, take_home
from ui.messages import refuse, warn
from ui.session import link_runs, runs
from ui.session.presses import ignore_echo

PACES: dict[str, float | None] = {"Full speed": None, "1 epoch/s": 1.0, "2 epochs/s": 2.0,
                                  "5 epochs/s": 5.0, "20 epochs/s": 20.0, "100 epochs/s": 100.0}
# Small networks finish in milliseconds; at this pace a learner sees them learn.
FIRST_PACE = "20 epochs/s"
STEP_UNITS = {"step": "steps", "epoch": "epochs"}
FETCH, PACE_KEY, UNIT_KEY = "_fetch", "pace", "step_unit"
FEATURE_X, FEATURE_Y, FEATURES_OF = "feature_x", "feature_y", "_features_of"


def draw(config: RunConfig | None, run: Run | None) -> None:
    """The buttons, always all of them so that nothing jumps, and the settings that act at once."""
    data = run.config.data if run else config.data if config else None
    for key, first in ((PACE_KEY, FIRST_PACE), (UNIT_KEY, "epoch")):
        st.session_state[key] = st.session_state.get(key, first)
    active = run is not None and run.active
    paused = run is not None and active and run.controls.paused
    going = active and not paused
    same = run is not None and run.config == config
    with st.container(horizontal=True, vertical_alignment="bottom", key="actions"):
        _button("train", "Train", "play_arrow", "T", _train, config is None or (
            going and same), primary=True)
        _button("pause", "Pause", "pause", "P", lambda: runs.control(paused=True), not going)
        _button("resume", "Resume", "resume", "G", lambda: runs.control(paused=False), not paused)
        _button("step", "Step", "skip_next", "N", _step, going or config is None)
        _button("stop", "Stop", "stop", "S", runs.stop, not active)
        _button("reset", "Reset", "replay", "Z", runs.reset, run is None)
        share.draw(config)
        take_home.draw(config, run)
    with st.container(horizontal=True, vertical_alignment="bottom", key="view"):
        st.segmented_control("Step by", list(STEP_UNITS), key=UNIT_KEY, required=True,
                             help="What one press of Step does.", persist_state="session")
        st.selectbox("Pace", list(PACES), key=PACE_KEY, width=150, on_change=_pace,
                     help="How fast the epochs go by, at most; it acts at once.", persist_state="session")
        if data:
            _feature_choice(data, run)
    # A container of its own, so that what follows keeps its position: Streamlit rebuilds what moves.
    with st.container(key="notes"):
        unfollowed, refused = form_state.link_refusal(), runs.refusal()
        if unfollowed:
            warn(f"This link was not followed, so here are the defaults. {unfollowed}")
        if refused:
            refuse(refused)
        if link_runs.strange(run, config):
            st.info("This link has other settings than the run shown below. Press Train to start a run with "
                    "the link's settings.", icon=":material/info:")
        _fetch()


def _button(key: str, label: str, icon: str, shortcut: str, press: Callable[[], object], disabled: bool,
            primary: bool = False) -> None:
    st.button(label, key=key, icon=f":material/{icon}:", shortcut=shortcut,
              on_click=ignore_echo(key, press), disabled=disabled, type="primary" if primary else "secondary")


def controls(dataset: Dataset) -> Controls:
    """The controls with which a new run begins."""
    return Controls(pace=PACES.get(st.session_state.get(PACE_KEY, FIRST_PACE)), features=features(dataset))


def features(dataset: Dataset, run: Run | None = None) -> tuple[int, int]:
    """The two features that decision regions are drawn over: those of the run's controls.

    Without a run, those chosen for this very dataset; a browser may have sent anything.
    """
    if run is not None:
        return run.controls.features
    pair, count = (st.session_state.get(FEATURE_X), st.session_state.get(FEATURE_Y)), len(dataset.features)
    if st.session_state.get(FEATURES_OF) == dataset.key and pair[0] != pair[1] \
            and all(isinstance(feature, int) and 0 <= feature < count for feature in pair):
        return pair  # type: ignore[return-value]
    if count < 2 or not dataset.classes:
        return 0, 1  # nothing is drawn over them
    return telling_features(dataset)


def _feature_choice(dataset: Dataset, run: Run | None) -> None:
    """For the classes of a table: which two features the decision regions are drawn over."""
    if not dataset.classes or len(dataset.shape) > 1 or len(dataset.features) < 2:
        return
    count, pair = len(dataset.features), features(dataset, run)
    st.session_state[FEATURES_OF] = dataset.key
    # Set each time, so that the boxes show what is drawn, whichever run is shown.
    for key, feature in zip((FEATURE_X, FEATURE_Y), pair, strict=True):
        st.session_state[key] = feature
    for key, other, label in ((FEATURE_X, FEATURE_Y, "Regions: across"),
                              (FEATURE_Y, FEATURE_X, "Regions: up")):
        free = [column for column in range(count) if column != st.session_state[other]]
        st.selectbox(label, free, key=key, format_func=dataset.features.__getitem__, width=210,
                     on_change=lambda: runs.regions(features(dataset)), persist_state="session")


def _pace() -> None:
    pace = PACES.get(st.session_state[PACE_KEY])
    runs.control(pace=None if pace is None else PACE.check(pace))


def _config() -> RunConfig | None:
    """What the widgets say as the button is pressed; a refusal is drawn beside them."""
    try:
        return form_state.config()
    except FieldError:
        return None


def _train() -> None:
    config, own = _config(), runs.shown()
    if config is None:
        return
    if own and own.active and own.controls.paused and own.config == config:
        runs.control(paused=False)
    elif available(config.dataset):
        runs.start(config, controls(config.data))
    else:
        st.session_state[FETCH] = False


def _step() -> None:
    config, own = _config(), runs.shown()
    if own is None or not own.active:
        if config is None:
            return
        if not available(config.dataset):
            st.session_state[FETCH] = True
            return
        own = runs.start(config, controls(config.data), paused=True)
    if own and own.controls.paused:
        _grant(own)


def _grant(run: Run) -> None:
    """One step or epoch more for the shown run, which is paused."""
    unit = STEP_UNITS.get(st.session_state.get(UNIT_KEY, "epoch"), "epochs")
    runs.control(**{unit: getattr(run.controls, unit) + 1})


def _fetch() -> None:
    """Download the dataset that Train was pressed for, and train."""
    # Kept until it is done: a click meanwhile restarts this page, and the download with it.
    paused, config = st.session_state.get(FETCH), _config()
    if paused is None or config is None:
        return
    bar = st.progress(0.0, f"Downloading {config.data.label} ...")

    def told(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(1, total)),
                     f"Downloading {config.data.label}: {done / 2**20:.1f} of {total / 2**20:.1f} MB")

    try:
        fetch(config.dataset, told)
    except DatasetUnavailable as error:
        del st.session_state[FETCH]
        bar.empty()
        refuse(str(error))
        return
    del st.session_state[FETCH]
    run = runs.start(config, controls(config.data), paused=paused)
    if run and paused:
        _grant(run)
    st.rerun()
