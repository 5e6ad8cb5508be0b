"""What the sections that train one config many times share: start, stop and a board."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.parameters import FieldError, IntRange
from core.runs.config import RunConfig
from core.studies.study import Method, Study
from core.views.patches import Patch
from core.views.study_board import Card
from ui.form import widgets
from ui.live import study_board
from ui.messages import refuse
from ui.session import runs, studies

Parts = Callable[[Study | None, RunConfig], dict[str, Patch]]
# A class of methods, made of a config and one number.
Counted = Callable[[RunConfig, int], Method]


def counted(key: str, config: RunConfig, kind: Counted, count: IntRange, label: str, cards: Sequence[Card],
            parts: Parts, text: str) -> None:
    """A section whose learner chooses one number, such as how many seeds. text: what it is for."""
    st.markdown(text)
    own = f"{key}_count"
    with st.columns([1, 3])[0]:
        widgets.draw(count, own)
    draw(key, config, kind, lambda: kind(config, widgets.value(count, own)), label, cards, parts)


def draw(key: str, config: RunConfig, kind: Any, make: Callable[[], Method], label: str,
         cards: Sequence[Card], parts: Parts) -> None:
    """The estimate, the buttons, and the board of the newest study of `config` with a method of this kind.

    kind: the method's class. make: the method that the learner chose; a `FieldError` is shown. label: of the
    button that starts it.
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
