"""Evaluation by way of the jobs: no more fits at once than may be, and nobody's run but one's own."""

from types import SimpleNamespace

import pytest

from core.answers import Refusal
from core.config import RunConfig
from core.evaluating.fitting import Fitted
from core.jobs import FITS_AT_ONCE, Refused
from core.parameters import FieldError

from .conftest import ended, until


def test_a_baseline_is_fitted_by_a_worker_and_shared_by_all_runs_of_its_examples(jobs):
    config = RunConfig()
    found = until(lambda: jobs.baseline(config, "linear"))
    assert isinstance(found, Fitted) and len(found.predicted) == 30
    assert jobs.baseline(config.replaced(learning_rate=0.3, epochs=7), "linear") is found
    assert jobs.baseline(config.replaced(seed=1), "linear") is not found


def test_a_method_that_is_none_of_the_task_is_refused(jobs):
    with pytest.raises(FieldError, match="baseline must be one of mean, neighbours, ridge") as error:
        jobs.baseline(RunConfig(dataset="diabetes"), "majority")
    assert error.value.field == "baseline"


def test_only_so_many_are_fitted_at_once(jobs, monkeypatch):
    begun = []

    def ask(task, question, parcel, name):
        begun.append((name, SimpleNamespace(status="pending")))
        return begun[-1][1]

    monkeypatch.setattr(jobs._dispatch, "ask", ask)
    names = ("majority", "neighbours", "linear", "tree")
    for _ in range(2):
        assert all(jobs.baseline(RunConfig(seed=5), name) is None for name in names)
    assert [name for name, _ in begun] == list(names[:FITS_AT_ONCE])
    begun[0][1].status = "finished"
    assert jobs.baseline(RunConfig(seed=5), "tree") is None
    assert [name for name, _ in begun] == [*names[:FITS_AT_ONCE], "tree"], "it got the free place"


def test_a_network_without_weights_is_refused_in_words_and_that_of_others_altogether(jobs):
    run = jobs.submit("me", RunConfig(epochs=1))
    until(lambda: ended(run))
    found = jobs.test_answers("me", run.id)
    assert isinstance(found, Refusal) and "weights" in found.message
    with pytest.raises(Refused, match="no such run"):
        jobs.test_answers("you", run.id)
