"""Evaluation through the service: a limited number of fits at once, and only of one's own runs."""

from types import SimpleNamespace

import pytest

from core.cluster.queries import Refusal
from core.cluster.run_service import Refused
from core.metrics.baselines import Fitted
from core.parameters import FieldError
from core.runs.config import RunConfig
from tests.core.conftest import ended, until


def test_a_baseline_is_fitted_by_a_worker_and_shared_by_all_runs_of_its_examples(jobs):
    config = RunConfig()
    found = until(lambda: jobs.questions.baseline("me", config, "linear"))
    assert isinstance(found, Fitted) and len(found.predicted) == 30
    assert jobs.questions.baseline("me", config.replaced(learning_rate=0.3, epochs=7), "linear") is found
    assert jobs.questions.baseline("me", config.replaced(seed=1), "linear") is not found


def test_a_method_that_is_none_of_the_task_is_refused(jobs):
    with pytest.raises(FieldError, match="baseline must be one of mean, neighbours, ridge") as error:
        jobs.questions.baseline("me", RunConfig(dataset="diabetes"), "majority")
    assert error.value.field == "baseline"


def test_fits_and_searches_for_a_rate_share_the_turns(jobs, monkeypatch):
    begun = []

    def ask(task, request_id, payload, *name):
        begun.append(task.__name__)
        return SimpleNamespace(status="pending")

    monkeypatch.setattr(jobs.questions._long, "_ask", ask)
    monkeypatch.setattr(jobs.questions._long, "_end", lambda request_id, future: None)
    config, asked = RunConfig(seed=5), jobs.questions
    for _ in range(2):
        assert asked.found_rates("me", config) is None and asked.baseline("me", config, "tree") is None
    assert begun == ["find_rate"] and asked.baseline_place(config, "tree") == 1
    assert asked.baseline("you", config, "linear") is None
    assert asked.baseline("her", config, "majority") is None
    assert begun == ["find_rate", "fit_baseline"] and asked.baseline_place(config, "majority") == 1
    asked.cancel_rates("me", config)
    assert asked.baseline("her", config, "majority") is None
    assert begun == ["find_rate", "fit_baseline"], "mine came first, and I have none under way any more"
    assert asked.baseline("me", config, "tree") is None
    assert begun == ["find_rate", "fit_baseline", "fit_baseline"]


def test_a_network_without_weights_is_refused_in_words_and_that_of_others_altogether(jobs):
    run = jobs.submit("me", RunConfig(epochs=1))
    until(lambda: ended(run))
    found = jobs.questions.test_answers("me", run.id)
    assert isinstance(found, Refusal) and "weights" in found.message
    with pytest.raises(Refused, match="no longer exists"):
        jobs.questions.test_answers("you", run.id)
