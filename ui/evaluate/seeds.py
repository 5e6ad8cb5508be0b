"""Seeds: the same configuration many times, and how much of a difference is luck."""

import streamlit as st

from core.board import SEEDS_CARDS, seeds_parts
from core.parameters import FieldError
from core.run import Run
from core.sweeps.repeats import SEEDS, Seeds
from ui import board, forms, runs, studies
from ui.messages import refuse

COUNT = "seeds_count"


def draw(run: Run) -> None:
    """The section, for the configuration of a run."""
    st.markdown("The seed decides what is left to chance: which examples validate, the first weights, the "
                "order of the examples. **The band shows what chance alone does.** Two configurations whose "
                "results differ by less than its width may be equally good.")
    config = run.config
    with st.columns([1, 3])[0]:
        forms.draw(SEEDS, COUNT)
    mine = [one for one in studies.own(Seeds) if one.method.config == config]
    study = mine[-1] if mine else None
    method = None
    try:
        method = Seeds(config, forms.value(SEEDS, COUNT))
        st.caption(studies.estimate(method, studies.own(object)))
    except FieldError as error:
        method = None
        refuse(error.message)
    studies.buttons("seeds", study, method, "Train all seeds")
    told = runs.refusal()
    if told:
        refuse(told)
    board.draw("board_seeds", SEEDS_CARDS, study, lambda: seeds_parts(study, config),
               lambda: study and (study.id, study.active))
