"""What this session's browser remembers of the tour, and whether the address asks for it."""

import streamlit as st

from core.lessons.tour import TOUR, Remembered, remembered, to_progress
from core.lessons.touring import Tour
from ui.session import lessons, runs

_ASKED, _OWNER = "_tour_asked", "_tour_owner"


def known() -> Remembered | None:
    """What this browser remembers; None if it was never offered the tour."""
    return remembered(runs.service().progress.of(runs.sight().owner).get(TOUR))


def hear() -> None:
    """Note whether the address asks for the tour, and remove that from the address; others read the rest.

    If a lesson is open, this leaves it.
    """
    if TOUR in st.query_params:
        del st.query_params[TOUR]
        st.session_state[_ASKED] = True
        lessons.enter("")


def asked() -> bool:
    """Whether the address asked for the tour; true only once."""
    return st.session_state.pop(_ASKED, False)


def recall(tour: Tour) -> None:
    """Take over what the browser remembers, as soon as the browser is known, and go on where it was."""
    owner = runs.sight().owner
    if st.session_state.get(_OWNER) == owner:
        return
    st.session_state[_OWNER] = owner
    tour.note = lambda found: runs.service().progress.note(owner, to_progress(found))
    if tour.number is None:
        tour.known = known()
        tour.resume()
