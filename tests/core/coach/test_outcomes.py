"""Whether advice helped: decided from two runs, and only if its change is their only difference."""

from dataclasses import replace

import numpy as np
import pytest

from core.coach import advice_of, coach_key, coach_part
from core.coach.outcomes import outcome, taken
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Probe
from core.runs.events import Compiled, EpochEnd, Progress
from core.runs.history import History
from core.runs.run import Run

SHORT = RunConfig(epochs=2)


def a_run(name: str, config: RunConfig, accuracy: float, loss: float, created: float,
          status: str = "finished", validation: bool = True) -> Run:
    """A run whose last epoch has this accuracy and loss, on the way there by a steep fall."""
    history = History()
    history.append(Compiled(0.1, 1000, 3))
    for epoch, (now, right) in enumerate(((loss + 0.4, 0.4), (loss, accuracy)), 1):
        history.append(EpochEnd(epoch, 3 * epoch, now, right, now if validation else None,
                                right if validation else None))
        history.append(Progress(3 * epoch, epoch, now, right, 0.1, 96 * epoch))
    return Run(name, "me", config, 0, Controls(), status=status, created=created, history=history)


BEFORE = a_run("before", SHORT, 0.84, 0.6, 1.0)
MORE = SHORT.replaced(epochs=100)
ADVICE = advice_of(BEFORE)[0]


@pytest.mark.parametrize("accuracy, loss, verdict, said", [
    (0.83, 0.5, "It did not help", "84.0 % before, 83.0 % now"),
    (0.91, 0.9, "It helped", "84.0 % before, 91.0 % now"),
    (0.84, 0.3, "It helped", "The validation loss was 0.600 and is 0.300"),
    (0.84, 0.7, "It did not help", "The validation loss was 0.600 and is 0.700"),
    (0.84, 0.601, "It made no difference", "84.0 % before, 84.0 % now")])
def test_it_tells_the_metric_before_and_now(accuracy: float, loss: float, verdict: str, said: str):
    after = a_run("after", MORE, accuracy, loss, 2.0)
    assert ADVICE.name == "too_few_epochs" and taken(BEFORE, [ADVICE], after) is ADVICE
    found = outcome(BEFORE, ADVICE, after)
    assert found is not None and found.verdict == verdict
    assert said in found.evidence and ADVICE.button in found.evidence


def test_it_is_silent_where_more_than_the_advice_was_changed():
    for config in (MORE.replaced(learning_rate=0.02), MORE.replaced(seed=1), MORE.replaced(dataset="wine"),
                   SHORT):
        assert taken(BEFORE, [ADVICE], a_run("after", config, 0.9, 0.3, 2.0)) is None
    assert taken(BEFORE, [ADVICE], a_run("after", MORE, 0.9, 0.3, 2.0, "training")) is None


def test_a_run_that_diverged_is_worse_and_one_after_it_better():
    after = a_run("after", MORE, 0.9, 0.3, 2.0)
    assert outcome(replace(BEFORE, status="diverged"), ADVICE, after).verdict == "It helped"
    assert outcome(BEFORE, ADVICE, replace(after, status="diverged")).verdict == "It did not help"


def test_without_validation_it_is_the_training_that_is_compared():
    before, after = (a_run(name, config.replaced(validation_share=0.0), right, 0.5, 1.0, validation=False)
                     for name, config, right in (("before", SHORT, 0.5), ("after", MORE, 0.8)))
    found = outcome(before, ADVICE, after)
    assert found is not None and "training accuracy 50.0 % before, 80.0 % now" in found.evidence


def test_early_stopping_is_judged_by_the_weights_that_it_kept():
    patient = SHORT.replaced(patience=5)
    before, after = a_run("before", patient, 0.84, 0.6, 1.0), a_run("after", patient, 0.7, 0.9, 2.0)
    for run in (before, after):
        run.history.append(EpochEnd(3, 9, 0.1, 0.99, 2.0, 0.2))
    found = outcome(before, ADVICE, after)
    assert found is not None and "84.0 % before, 70.0 % now" in found.evidence


def test_balanced_classes_are_judged_by_the_class_that_was_missed():
    advice = replace(ADVICE, change={"class_weights": "balanced"}, button="Balance the classes")
    before = a_run("before", SHORT, 0.97, 0.1, 1.0)
    after = a_run("after", SHORT.replaced(class_weights="balanced"), 0.9, 0.3, 2.0)
    for run, matrix in ((before, [[100, 0, 0], [0, 90, 0], [6, 0, 0]]),
                        (after, [[90, 0, 10], [0, 90, 0], [2, 0, 4]])):
        run.history.append(Probe(6, 2, True, 196, np.array(matrix)))
    found = outcome(before, advice, after)
    assert found is not None and found.verdict == "It helped"
    assert "0.0 % of virginica were found before, 66.7 % now" in found.evidence


def test_the_panel_tells_it_of_the_run_that_followed():
    after = a_run("after", MORE, 0.83, 0.61, 2.0)
    runs = [BEFORE, after]
    assert "outcome" not in [advice_entry["name"] for advice_entry in coach_part(BEFORE, runs)["advice"]]
    part = coach_part(after, runs)
    said = part["line"] + " ".join(advice_entry["title"] + advice_entry["evidence"]
                                   for advice_entry in part["advice"])
    assert "It did not help" in said and "84.0 % before, 83.0 % now" in said
    assert coach_key(after, runs) != coach_key(after, [after])
    assert "84.0" not in str(coach_part(after, [after]))
