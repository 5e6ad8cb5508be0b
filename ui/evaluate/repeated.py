"""What the sections that train one config many times share: start, stop and a board."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.parameters import FieldError
from core.runs.config import RunConfig
from core.studies.study import Method, Study
from core.views.patches import Patch
from core.views.study_board import Card
from ui.live import study_board
from ui.messages import refuse
from ui.session import runs, studies


def draw(key: str, config: RunConfig, kind: type, make: Callable[[], Method], label: str,
         cards: Sequence[Card],
         parts: Callable[[Study | None, RunConfig], dict[str, Patch]]) -> None:
    """The estimate, the buttons, and the board of the newest study of `config` with a method of this kind.

    make: the method that the learner chose; a `FieldError` is shown. label: of the button that starts it.
    """
    method = None
    try:
        wanted = make()
        st.caption(studies.estimate(wanted, studies.own(object)))
        method = wanted
    except FieldError as error:
        refuse(error.message)
    mine = [study for study in studies.own(kind) if study.method.config == config]
    study = mine[-1] if mine else None
    studies.buttons(key, study, method, label)
    told = runs.refusal()
    if told:
        refuse(told)
    study_board.draw(f"board_{key}", cards, study, lambda: parts(study, config),
               lambda: study and (study.id, study.active))
