"""Take it home: download a run as files that need nothing of this project, or open a saved config."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core import export
from core.cluster.queries import Refusal
from core.cluster.run_service import Refused, RunService
from core.paper.sheet import link
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.presets import beginnings
from core.runs.run import Run
from ui.form import form_state, upload_limits
from ui.messages import refuse
from ui.session import runs

OPENED_REFUSED = "_opened_refused"
# Seconds to wait for a model; a worker that takes longer is lost.
MODEL_SECONDS, LOOK_SECONDS = 60.0, 0.1
NO_RUN = "There is no run yet. Press Train first."
_MODEL = ("keras.models.load_model opens it anywhere. It expects inputs prepared as in the Python script, "
          "and returns probabilities if the task has classes.")
REPORT = "One page to hand in: settings, curves, results, what the coach says, and your own words."
NO_WEIGHTS = "The weights are saved when the run ends, for networks with up to 1,000,000 weights."


def draw(config: RunConfig | None, run: Run | None) -> None:
    """A popover with files: of the shown run, or of the choices if there is no run yet."""
    box = st.popover("Take it home", icon=":material/download:", key="take_home", on_change="rerun")
    if not box.open:
        return
    with box:
        of = run.config if run else config
        if of is None:
            st.caption("Fix the error in the sidebar first; then you can take this run home.")
        else:
            st.caption(f"{'The run that is shown' if run else 'The current choices'}: {of.name}.")
            _files(of, run)
        _open()


def _files(config: RunConfig, run: Run | None) -> None:
    # In a tab of its own: the stage stays as it is.
    st.link_button("Report to print", link("run", run.id) if run else "", disabled=run is None,
                   width="stretch", help=REPORT if run else NO_RUN)
    changes = tuple(run.history.learning_rates) if run else ()
    stopped = export.stopped_after(run.history) if run else None
    closed = export.refusal(config)
    _button("script", "Python script", partial(export.script, config, changes, stopped), config, "py",
            closed or "Plain Keras; it needs nothing from this project.", bool(closed))
    _button("notebook", "Notebook", partial(export.notebook, config, changes, stopped), config, "ipynb",
            closed or "The same for Jupyter.", bool(closed))
    ended = run.history.finished if run else None
    weights = ended.weights if ended else None
    refusal = NO_RUN if run is None else NO_WEIGHTS if weights is None else ""
    _button("model", "Model (.keras)", partial(
        model, runs.service().run_service, st.session_state[runs.OWNER], run.id if run else ""), config,
        "keras", refusal or _MODEL, bool(refusal))
    if run is not None and not refusal:
        _write_ahead(run)
    _button("weights", "Weights (.npz)", partial(
        export.weights_npz, weights or (), ended.paths if ended else ()), config, "npz",
            refusal or "numpy.load opens it; each array is called as in Keras.", bool(refusal))
    _button("history", "History (.csv)", partial(export.history_csv, run.history, config) if run else str,
            config, "csv", "One row per epoch." if run else NO_RUN, run is None)
    _button("configuration", "Configuration (.json)", partial(export.config_json, config), config, "json",
            "All settings; you can open the file here again.")


def _write_ahead(run: Run) -> None:
    """Have a worker write the model before anybody presses the button, and say so meanwhile."""
    with suppress(Refused):  # the run was removed just now
        if runs.service().run_service.questions.saved_model(st.session_state[runs.OWNER], run.id) is None:
            st.caption("A worker is writing the model now. If you press before it is done, the button shows "
                       "a spinner until the download starts.")


def _button(key: str, label: str, make: Callable[[], str | bytes], config: RunConfig, ending: str,
            text: str, disabled: bool = False) -> None:
    # Made only when it is clicked, because a model takes a worker's time.
    st.download_button(label, make, export.filename(config, ending), key=f"take_{key}", on_click="ignore",
                       help=text, disabled=disabled, width="stretch")


def model(run_service: RunService, owner: str, run_id: str) -> bytes:
    """The run's network as a .keras file, once a worker has written it. Raises `RuntimeError` in words."""
    deadline = time.monotonic() + MODEL_SECONDS
    while time.monotonic() < deadline:
        answer = run_service.questions.saved_model(owner, run_id)
        if isinstance(answer, Refusal):
            raise RuntimeError(answer.message)
        if answer is not None:
            return answer
        time.sleep(LOOK_SECONDS)
    raise RuntimeError("No worker has written the model. Try again.")


def _open() -> None:
    """Fill all widgets with a saved configuration."""
    st.file_uploader("Open a configuration", type="json", key="open_config", max_upload_size=1,
                     on_change=_opened, help="A .json file that you saved here.")
    if full := upload_limits.told():
        st.session_state[OPENED_REFUSED] = full
    if refused := st.session_state.get(OPENED_REFUSED):
        refuse(refused)


def _opened() -> None:
    file = st.session_state.get("open_config")
    st.session_state.pop(OPENED_REFUSED, None)
    if not isinstance(file, UploadedFile):
        return
    try:
        config = export.config_from_json(upload_limits.read(file))
        form_state.load(config, beginnings(config.data))
    except FieldError as error:
        st.session_state[OPENED_REFUSED] = error.message
