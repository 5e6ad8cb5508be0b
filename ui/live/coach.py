"""The coach's buttons: each fills its change into the sidebar; none of them starts a run."""

from core.coach import advice_of
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.run import Run
from core.views.coach_card import refused
from ui.form import form_state
from ui.session import runs


def take(name: str, run: Run | None) -> None:
    """Fill the change that the advice of this name suggests for `run`, as it is shown, into the sidebar."""
    found = next((advice for advice in advice_of(run) if advice.name == name), None)
    if run is None or found is None:
        return
    closed = refused(found.change, form_state.locked() | form_state.hidden())
    if closed:
        runs.refuse(closed)
        return
    try:
        form_state.load(_beginning(run).replaced(**found.change))
    except FieldError:
        form_state.load(run.config.replaced(**found.change))


def _beginning(run: Run) -> RunConfig:
    """The config that the change is applied to.

    It is that of the current choices, if they are still about the same network and data. So a second piece of
    advice does not undo the first.
    """
    try:
        chosen = form_state.config()
    except FieldError:
        return run.config
    same = (chosen.data.key, chosen.architecture) == (run.config.data.key, run.config.architecture)
    return chosen if same else run.config
