"""The network on the whole test set, in several views; only the chosen one is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.cluster.queries import Refusal
from core.cluster.run_service import Refused
from core.datasets import Dataset, DatasetUnavailable
from core.metrics.test_report import TestReport, evaluated
from core.runs.run import Run
from ui.evaluate import (
    anomalies,
    calibration,
    curves,
    guesses,
    matrix,
    mistakes,
    numbers,
    pending,
    ranking,
    reconstruction,
    steps_ahead,
    threshold,
)
from ui.messages import refuse
from ui.session import runs

CHOSEN = "test_set_view"


@dataclass(frozen=True)
class TestSetView:
    """One view. label: its button's text. fits: whether it has anything to show for a dataset."""

    label: str
    fits: Callable[[Dataset], bool]
    draw: Callable[[TestReport], None]


def _classes(data: Dataset) -> bool:
    return bool(data.classes)


def _numbers(data: Dataset) -> bool:
    return not data.classes and data.original is None


def _series(data: Dataset) -> bool:
    return data.task == "forecasting" and data.shape[1] == 1


def _ratings(data: Dataset) -> bool:
    return data.is_pairs


def _inputs(data: Dataset) -> bool:
    return data.reconstructs


VIEWS: dict[str, TestSetView] = {
    "guesses": TestSetView("Guesses", lambda data: data.guesses, guesses.draw),
    "anomalies": TestSetView("Anomalies", lambda data: data.detects, anomalies.draw),
    "matrix": TestSetView("Confusion matrix", _classes, matrix.draw),
    "curves": TestSetView("ROC and precision-recall", _classes, curves.draw),
    "calibration": TestSetView("Calibration", _classes, calibration.draw),
    "mistakes": TestSetView("Confident mistakes", _classes, mistakes.draw),
    "threshold": TestSetView("Threshold", lambda data: len(data.classes) == 2, threshold.draw),
    "errors": TestSetView("Errors", _numbers, numbers.draw),
    "steps_ahead": TestSetView("Steps ahead", _series, steps_ahead.draw),
    "ranking": TestSetView("Ranking", _ratings, ranking.draw),
    "by_count": TestSetView("By number of ratings", _ratings, ranking.draw_by_count),
    "worst": TestSetView("Worst examples", _numbers, mistakes.draw_worst),
    "reconstruction": TestSetView("Errors", _inputs, reconstruction.draw),
    "worst_back": TestSetView("Worst examples", _inputs, reconstruction.draw_worst),
}


def draw(run: Run) -> None:
    """The chosen view of `run`'s test set, or a message if there is nothing to see."""
    found = _found(run)
    if found is None:
        return
    fitting = [name for name, view in VIEWS.items() if view.fits(found.dataset)]
    if st.session_state.get(CHOSEN) not in fitting:
        st.session_state[CHOSEN] = fitting[0]
    totals = (anomalies if found.dataset.detects else
              guesses if found.dataset.guesses else
              reconstruction if found.dataset.reconstructs else
              matrix if found.dataset.classes else numbers).totals
    totals(found)
    ranking.totals(found)
    chosen = st.segmented_control("View", fitting, key=CHOSEN, required=True, persist_state="session",
                                  format_func=lambda name: VIEWS[name].label, label_visibility="collapsed")
    VIEWS[chosen or fitting[0]].draw(found)


def _found(run: Run) -> TestReport | None:
    """The run's test set with the network's answers; None, with a message, while or if there are none."""
    if not pending.ended(run):
        return None
    run_service, owner = runs.service().run_service, st.session_state[runs.OWNER]
    try:
        answers = run_service.questions.test_answers(owner, run.id)
        if answers is None:
            pending.until(lambda: run_service.questions.test_answers(owner, run.id),
                          "Predicting the whole test set")
            return None
        if isinstance(answers, Refusal):
            refuse(answers.message)
            return None
        return evaluated(answers, run.config.data, run.config.preparation)
    except (DatasetUnavailable, Refused) as error:
        refuse(str(error))
        return None
