"""Choosing test examples, by their number or by a cell of the confusion matrix."""


import numpy as np
import pytest

from core.runs.evaluations import Evaluation
from tests.ui.live.conftest import IRIS, all_runs, an_evaluation
from ui.live.commands import obey


def test_the_chosen_example_reaches_the_run_and_the_next_one(stage):
    obey(stage, "train")
    obey(stage, "view", {"example": 7})
    obey(stage, "reset")
    obey(stage, "view", {"example": -1})
    assert [run.controls.example for run in all_runs(stage)] == [7, 7]
    obey(stage, "stop")
    obey(stage, "view", {"example": 9})
    assert all_runs(stage)[-1].controls.example == 9, "an ended run is asked, too"
    obey(stage, "train")
    assert all_runs(stage)[-1].controls.example == 9


def counted(predicted: list[int], indices: list[int] | None = None) -> Evaluation:
    return Evaluation(1, np.zeros((3, 3), int), len(predicted), 0.5, 0.5, indices is None,
                      indices=None if indices is None else np.array(indices),
                      predicted=np.array(predicted, np.uint8))


def test_a_cell_chooses_its_examples_one_after_another(stage):
    obey(stage, "train")
    labels = stage.examples(IRIS)[0].y
    first, second, other = *np.flatnonzero(labels == 1)[:2], np.flatnonzero(labels == 2)[0]
    run, = all_runs(stage)
    run.history.append(counted([2, 2, 2], sorted([first, second, other])))
    for wanted in (first, second, first):
        obey(stage, "cell", [1, 2])
        assert stage.view["example"] == run.controls.example == wanted
    obey(stage, "cell", [0, 2])
    assert stage.view["example"] == first, "an empty cell chooses nothing"
    obey(stage, "cell", [2, 2])
    assert stage.view["example"] == other


@pytest.mark.parametrize("value", [None, 3, [1], [1, 3], [-1, 0], [True, 0], ["0", 1], [0, 1, 2], {"0": 1}])
def test_nonsense_is_no_cell(stage, value):
    obey(stage, "train")
    all_runs(stage)[0].history.append(counted([0] * 30))
    obey(stage, "cell", value)
    assert stage.view["example"] == 0 and stage.own.refused is None


def test_a_run_that_does_not_say_what_it_predicted_has_no_examples_in_its_cells(stage):
    obey(stage, "train")
    all_runs(stage)[0].history.append(an_evaluation(1))
    obey(stage, "cell", [1, 1])
    assert stage.view["example"] == 0 and stage.own.refused is None
