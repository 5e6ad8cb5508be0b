"""The card Try it as plain data: ranges in their own units, categories whole, and why there is no answer."""

import numpy as np
import pytest

from core.datasets.splits import test_set as examples_of
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, TriedAnswer
from core.runs.events import Finished
from core.runs.run import Run
from core.views.try_it import FITS, NO_RUN, tried, try_it
from tests.core.known_tables import choose, people, upload

IRIS, CNN = RunConfig(), RunConfig(dataset="digits", architecture="cnn")


def content(config: RunConfig, run: Run | None = None) -> dict:
    return try_it(config, examples_of(config.data, config.preparation), run)


def run_of(config: RunConfig, status: str, *events) -> Run:
    run = Run("1", "me", config, 0, Controls(), status=status)
    for event in events:
        run.history.append(event)
    return run


def evaluation(weights: bool = False) -> Evaluation:
    return Evaluation(5, np.zeros((3, 3), int), 30, 0.1, 0.9, True,
                      weights=(np.zeros(1),) if weights else None)


def test_features_have_the_range_of_all_examples_in_their_own_units():
    fields = {field["name"]: field for field in content(IRIS)["fields"]}
    # Known of the dataset: petals are 1 to 6.9 cm long.
    petal = fields["petal length (cm)"]
    assert petal["at"] == [2] and petal["low"] == pytest.approx(1.0) and petal["high"] == pytest.approx(6.9)
    assert 0 < petal["step"] <= (6.9 - 1) / 100
    age = content(RunConfig(dataset="diabetes"))["fields"][0]
    assert (age["name"], age["low"], age["high"], age["step"]) == ("age (years)", 19, 79, 1)


def test_a_category_is_one_choice():
    chosen = choose(upload(people()), "kind", "height", "colour", "age", "owns")
    config = RunConfig(dataset="table", dataset_parameters=chosen)
    height, colour, age, owns = content(config)["fields"]
    assert [one["name"] for one in (height, colour, age, owns)] == ["height", "colour", "age", "owns"]
    assert (height["at"], colour["at"], age["at"], owns["at"]) == ([0], [1, 2, 3, 4], [5], [6, 7])
    assert colour["options"] == ["blue", "green", "red", "missing"] and owns["options"] == ["no", "yes"]


def test_the_card_says_why_there_is_no_answer():
    assert content(IRIS)["why"] == NO_RUN
    assert content(IRIS, run_of(IRIS, "training", evaluation(weights=True)))["why"] == ""
    assert content(CNN, run_of(CNN, "training"))["why"] == ""
    assert content(CNN, run_of(CNN, "training", evaluation()))["why"] == ""
    kept = Finished(5, "finished", weights=(np.zeros(1),))
    assert content(CNN, run_of(CNN, "finished", evaluation(), kept))["why"] == ""
    assert "weights were saved" in content(CNN, run_of(CNN, "failed", Finished(0, "failed")))["why"]
    assert "no longer a number" in content(CNN, run_of(CNN, "diverged", Finished(3, "diverged")))["why"]


def test_an_answer_names_its_run_and_question():
    told = tried(run_of(CNN, "training", TriedAnswer(7, 5, np.array([0.25, 0.75]))))["tried"].build()
    assert told == {"number": 7, "step": 5, "answers": [0.25, 0.75], "run": "1"}
    assert tried(None) == tried(run_of(CNN, "training")) == {}


def test_drawn_digits_get_the_proportions_of_the_dataset():
    """Measured on the images themselves: the box around what is brighter than a tenth."""
    images = CNN.data.load().x.reshape(-1, 8, 8) > 1.6
    wide, high = (np.array([np.ptp(np.flatnonzero(image.any(axis))) + 1 for image in images])
                  for axis in (0, 1))
    fit, middle, goal = FITS["digits"]
    assert middle == "box" and goal / fit == pytest.approx((wide / high).mean(), abs=0.02)
    assert (high == 8).all() and 7 < fit <= 8
