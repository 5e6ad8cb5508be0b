"""This browser's studies (searches, folds, seeds): started, stopped and found again."""

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from core.cluster.queue import Refused
from core.formatting import amount
from core.parameters import FieldError
from core.studies import cost
from core.studies.study import Method, Study
from ui.session import runs

# Which section of Evaluate is chosen, in the session's state.
SECTION = "evaluate_section"


class SessionStudies(Protocol):
    """Whatever runs studies: `core.cluster.study_service`, or its replacement in a test."""

    def submit(self, owner: str, method: Method, host: str = "") -> Study: ...
    def studies(self, owner: str) -> list[Study]: ...
    def stop(self, owner: str, study_id: str) -> None: ...
    def remove(self, owner: str, study_id: str) -> None: ...


def driver() -> SessionStudies:
    """The service that runs studies on this server."""
    return runs.service().studies


def own(kind: type) -> list[Study]:
    """This browser's studies whose method is of this kind, newest last."""
    return [study for study in driver().studies(runs.sight().owner) if isinstance(study.method, kind)]


def start(method: Method) -> Study | None:
    """Start a study; None if it is refused, and then `runs.refusal` says why."""
    try:
        return driver().submit(runs.sight().owner, method, runs.host())
    except (Refused, FieldError) as error:
        runs.refuse(error.message)
        return None


def stop(study: Study) -> None:
    """Stop a study; its results so far are kept."""
    driver().stop(runs.sight().owner, study.id)


def remove(study: Study) -> None:
    """Forget a study."""
    driver().remove(runs.sight().owner, study.id)


def estimate(method: Method, before: Sequence[Study]) -> str:
    """How many trainings a study has and about how long it takes, in words. Raises `FieldError`."""
    configs, plan = cost.typical(method), method.plan
    cost.check(method, runs.service().settings, configs)
    return (f"{amount(plan.trials, 'training')}, {amount(plan.epochs, 'epoch')} in all: "
            f"{cost.about(cost.seconds(method, before, configs))} here.")


def buttons(key: str, study: Study | None, method: Method | None, label: str) -> None:
    """Start and Stop. method: what Start would train; None if the choices are refused."""
    left, right, _ = st.columns([1, 1, 3])
    active = study is not None and study.active

    def begin() -> None:
        if method is not None:
            start(method)

    def end() -> None:
        if study is not None:
            stop(study)

    left.button(label, key=f"{key}_start", type="primary", icon=":material/play_arrow:", width="stretch",
                disabled=active or method is None, on_click=begin)
    right.button("Stop", key=f"{key}_stop", icon=":material/stop:", width="stretch", disabled=not active,
                 on_click=end)
