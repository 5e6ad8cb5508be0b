"""The learning-rate finder: start it, see its curve, adopt the rate it found."""

import numpy as np
import streamlit as st

from core.charts.curve_picture import PictureAxis, curve_picture
from core.cluster.queries import Refusal
from core.datasets import available
from core.metrics.lr_finder import smoothed
from core.parameters import FieldError
from core.runs.answers import FinderProgress, FoundRates
from core.runs.config import RunConfig
from ui.form import form_state, widgets
from ui.messages import plain, refuse
from ui.session import runs
from ui.session.presses import ignore_echo

ASKED = "_rates_asked"
LOOK_SECONDS = 0.3
# The loss explodes at the end of the sweep: the axis ends at 1.5 times the first loss.
MOST_OF_FIRST = 1.5
HELP = ("First a sweep: up to 140 steps while the learning rate rises from 0.000001 to 10, with the loss of "
        "each step as a curve. Too low, and the loss stays; too high, and it explodes. Then the network is "
        "trained at 13 rates below that, those around the best one several times with other first weights, "
        "and a rate that ends with a low validation loss each time is suggested. Large networks are trained "
        "for only a part of the run. If the trainings disagree, the finder says that it is not sure.")


def draw(disabled: bool) -> None:
    """The button, and the result for the current choices."""
    asked = _asked()
    if asked is None:
        _give_up()
    there = asked is not None and available(asked.dataset)
    found = _found(asked) if asked is not None and there else None
    st.button("Find a learning rate", key="find_rate", icon=":material/search:", help=HELP, width="stretch",
              disabled=disabled or (there and found is None), on_click=ignore_echo("find_rate", _ask))
    if asked is None:
        return
    if not there:
        st.caption(":material/download: Press Train once to download the data. Then you can find a learning "
                   "rate.")
        return
    # As high while it waits as with the curve, so that the page below moves only once, at the press.
    with st.container(key="found_rate"):
        if found is None:
            st.fragment(_wait, run_every=LOOK_SECONDS)(asked)
        elif isinstance(found, Refusal):
            refuse(found.message)
        else:
            _show(found, disabled)


def _ask() -> None:
    try:
        config = form_state.config()
    except FieldError:
        return  # the sidebar says what does not fit
    _cancel()
    st.session_state[ASKED] = config


def _cancel() -> None:
    """Stop waiting; the last result stays."""
    asked = st.session_state.pop(ASKED, None)
    if asked is not None:
        runs.service().run_service.questions.cancel_rates(st.session_state[runs.OWNER], asked)


def _give_up() -> None:
    """Cancel a search for choices that have changed since; the last result stays."""
    asked = st.session_state.get(ASKED)
    questions = runs.service().run_service.questions
    if asked is not None and questions.cancel_rates(st.session_state[runs.OWNER], asked):
        del st.session_state[ASKED]


def _found(asked: RunConfig) -> FoundRates | Refusal | None:
    return runs.service().run_service.questions.found_rates(st.session_state[runs.OWNER], asked)


def _asked() -> RunConfig | None:
    """The config of the last search, as long as the choices differ from it only in the learning rate."""
    asked = st.session_state.get(ASKED)
    if asked is None:
        return None
    try:
        same = form_state.config() == asked.replaced(learning_rate=form_state.value("learning_rate"))
        return asked if same else None
    except FieldError:
        return None


def _wait(asked: RunConfig) -> None:
    # The button below ends the wait, and the page follows.
    if st.session_state.get(ASKED) != asked or _found(asked) is not None:
        st.rerun()
    service = runs.service()
    progress, state = service.run_service.questions.rates_progress(asked), service.workers.state
    share = progress.share if isinstance(progress, FinderProgress) else 0.0
    st.progress(share, waiting_words(progress) if state == "Ready" else plain(state))
    st.button("Cancel", key="cancel_rate", icon=":material/close:", width="stretch",
              on_click=ignore_echo("cancel_rate", _cancel))


def waiting_words(progress: FinderProgress | int | None) -> str:
    """What a search is doing now, in one line. progress: see `RunService.rates_progress`."""
    if progress is None:
        return "Waiting for a free worker"
    if isinstance(progress, int):
        return f"Number {progress} in the queue"
    if not progress.trainings:
        return "Compiling the network"
    what = f"Training {progress.training} of {progress.trainings}" if progress.training else "Sweep"
    return f"{what}, rate {progress.rate:.2g}" if progress.rate else what


def _show(found: FoundRates, disabled: bool) -> None:
    means = smoothed(found.losses)
    first = means[np.isfinite(means)][:1]
    high = float(min(np.nanmax(means), MOST_OF_FIRST * first[0])) if len(first) else None
    mark = None
    if found.suggestion is not None:
        mark = (found.suggestion, float(np.interp(np.log(found.suggestion), np.log(found.rates), means)))
    across, up = PictureAxis("Learning rate", log=True), PictureAxis("Loss", high=high)
    st.markdown(curve_picture(found.rates, means, across, up, mark), unsafe_allow_html=True)
    if found.suggestion is None:
        st.caption("No suggestion: the network learned nothing at any rate. Check the data, the activation "
                   "and the initializer.")
        return
    rate = found.suggestion
    st.caption(said(found, _judge()))
    st.button(f"Use {rate:g}", key="use_rate", icon=":material/check:", disabled=disabled,
              on_click=ignore_echo("use_rate", _use), args=(rate,), width="stretch")


def _judge() -> str:
    """The loss that rates were judged by: there may be no validation set."""
    asked = _asked()
    return "validation loss" if asked is None or asked.validation_share else "training loss"


def said(found: FoundRates, judge: str) -> str:
    """The result of the trainings at several rates. judge: the loss that they were judged by."""
    length = "a whole run each" if found.share == 1 else f"the first {100 * found.share:.2g} % of a run"
    trained = (f"Tried {len(found.tried)} rates from {found.tried[0]:g} to {found.tried[-1]:g} for "
               f"{length}.")
    if found.doubt:
        return (f":material/help: Not sure: {found.doubt[0].lower()}{found.doubt[1:]} {trained} "
                f"{found.suggestion:g} did best; try rates around it as well.")
    return f"{found.suggestion:g} ended with a low {judge}. {trained}"


def _use(rate: float) -> None:
    widgets.put("learning_rate", rate)
    runs.sight().control(learning_rate=rate)
