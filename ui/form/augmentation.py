"""A preview of augmented images: one of each class, redrawn on request."""

import streamlit as st

from core.charts.pictures import image_strip
from core.cluster.queries import Refusal
from core.datasets import Dataset, available
from core.parameters import FieldError
from core.runs.config import RunConfig
from ui.form import form_state
from ui.messages import plain, refuse
from ui.session import runs
from ui.session.presses import ignore_echo

DRAW = "_augmentation_draw"
MOST_DRAWS = 100
LOOK_SECONDS = 0.3


def draw(dataset: Dataset) -> None:
    """Examples of the changed images that training sees; nothing while no change is switched on."""
    try:
        # Only the fields that it depends on, so that no other choice causes a new request.
        config = RunConfig(dataset=dataset.name,
                           augmentation_parameters=form_state.own_values("augmentation_parameters"))
    except FieldError:
        return  # the sidebar says what is wrong
    if not config.augments:
        st.caption("Change a value above, and augmented images appear here.")
        return
    if not available(dataset.name):
        st.caption(":material/download: Press Train once to download the data. Then augmented images appear "
                   "here.")
        return
    _preview(config)
    st.button("Draw again", key="augmentation_again", icon=":material/casino:", width="stretch",
              on_click=ignore_echo("augmentation_again", _again),
              help="The same images with new random changes, as in the next epoch.")


def _again() -> None:
    st.session_state[DRAW] = (_number() + 1) % MOST_DRAWS


def _number() -> int:
    return st.session_state.get(DRAW, 0)


def _preview(config: RunConfig) -> None:
    seen = runs.service().run_service.questions.augmented(config, _number())
    if seen is None:
        st.fragment(_wait, run_every=LOOK_SECONDS)(config, _number())
    elif isinstance(seen, Refusal):
        refuse(seen.message)
    else:
        classes = config.data.classes
        # st.html drops pictures.
        st.markdown(image_strip(seen, classes, "One augmented example of each", row=5),
                    unsafe_allow_html=True)


def _wait(config: RunConfig, number: int) -> None:
    service = runs.service()
    if service.run_service.questions.augmented(config, number) is not None:
        st.rerun()
    state = service.workers.state
    words = "Changing a few images" if state == "Ready" else plain(state)
    st.caption(f":material/hourglass_top: {words} ...")
