"""Studies on a real worker: rounds, stops, lost workers, and owners."""

import gc
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.cluster.queue import Refused
from core.cluster.study_service import LOST, MOST_STRIKES, StudyService
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.studies.study import DROPPED, FAILED, FINISHED, VAL_LOSS, Member, Round, Study, StudySize
from tests.core.conftest import end_curve, ends, kill_workers, until

CONFIGS = [RunConfig(epochs=6, learning_rate=0.005 * (1 + number), seed=number % 3) for number in range(6)]
# Seconds, also on a fast machine: a step for each flower. Who stops one must find it under way.
LONG = [config.replaced(epochs=1000, batch_size=1) for config in CONFIGS]


class Halving:
    """A method of listed configs: each round keeps those whose validation loss is lowest.

    rounds: how many train to the end of which epoch.
    """

    axes: tuple[str, ...] = ("learning_rate", "seed")

    def __init__(self, configs: list[RunConfig], *rounds: tuple[int, int]):
        self.config, self.configs = configs[0], configs
        self.rounds = rounds or ((len(configs), configs[0].epochs),)

    @property
    def plan(self) -> StudySize:
        return StudySize(len(self.configs), len(self.configs) * self.config.epochs)

    def following(self, members, results):
        if not members:
            made = tuple(Member(config, (config.learning_rate, config.seed)) for config in self.configs)
            return made, Round(tuple(range(len(made))), self.rounds[0][1])
        left = [one for one in self.rounds if one[1] > results.done.max()]
        if not left:
            return (), None
        best = np.argsort(results.judged(VAL_LOSS, False), kind="stable")[:left[0][0]]
        return (), Round(tuple(sorted(int(one) for one in best)), left[0][1])


class Broken(Halving):
    def following(self, members, results):
        raise ValueError("no such method")


class BrokenLater(Halving):
    def following(self, members, results):
        if members:
            raise ValueError("no such round")
        return super().following(members, results)


@pytest.fixture
def studies(workers, settings) -> Iterator[StudyService]:
    made = StudyService(workers, settings, {})
    yield made
    for owner in ("ann", "bob"):
        for study in made.studies(owner):
            made.stop(owner, study.id)
    made.close()


def ended(study: Study) -> Study:
    until(lambda: not study.active, 180)
    return study


@pytest.fixture(scope="module")
def whole(workers, settings) -> Study:
    """All members to their end, in one round."""
    made = StudyService(workers, settings, {})
    study = ended(made.submit("ann", Halving(CONFIGS)))
    made.close()
    return study


def test_a_study_trains_all_its_members(whole):
    assert whole.status == "finished" and whole.message == ""
    assert set(whole.results.states) == {FINISHED} and set(whole.results.done) == {6}
    assert np.isfinite(whole.results.curves).all() and np.isfinite(whole.results.test_loss).all()
    assert (whole.results.matrices.sum((1, 2)) == 24).all()  # a fifth of 120 validates
    assert whole.ways == {"together": 1} and len(whole.members) == 6


def test_members_that_a_round_leaves_out_are_dropped(studies, whole):
    study = ended(studies.submit("ann", Halving(CONFIGS, (6, 2), (3, 4), (1, 6))))
    order = np.argsort(whole.results.curves[:, 1, VAL_LOSS])
    assert study.status == "finished"
    assert sorted(study.results.done) == [2, 2, 2, 4, 4, 6]
    assert set(np.flatnonzero(study.results.done > 2)) == set(order[:3])
    assert list(study.results.states[study.results.done < 6]) == [DROPPED] * 5
    # What was trained is what it would have been.
    for number, done in enumerate(study.results.done):
        np.testing.assert_allclose(study.results.curves[number, :done], whole.results.curves[number, :done],
                                   rtol=1e-4)


def test_a_lost_worker_costs_no_result(jobs, workers, settings):
    studies = StudyService(workers, settings, {}, jobs.placement)
    undisturbed = ended(studies.submit("ann", Halving(LONG)))
    study, run = studies.submit("ann", Halving(LONG)), jobs.submit("bob", RunConfig(epochs=1000))
    until(lambda: study.results.done.max(initial=0) > 3 and run.history.progress)
    kill_workers(workers)
    # Each goes on alone until it has got as far as it had; then the other, and then both together.
    until(lambda: study.lost == 1 and run.attempt == 2)
    assert jobs.placement.trying
    ended(study)
    until(lambda: not jobs.placement.trying and run.status == "training")
    jobs.control("bob", run.id, stopped=True)
    until(lambda: not run.active)
    assert ends(run.history) == end_curve(len(run.history.epochs), 0.01)
    studies.close()
    assert study.status == "finished" and study.lost == 1
    np.testing.assert_array_equal(study.results.curves, undisturbed.results.curves)
    np.testing.assert_array_equal(study.results.test_metric, undisturbed.results.test_metric)


def test_a_group_that_loses_its_worker_again_and_again_fails(studies, workers):
    study = studies.submit("ann", Halving(LONG))
    # The first time it was not known to be alone.
    for losses in range(1 + MOST_STRIKES):
        until(lambda losses=losses: study.lost == losses and any(
            group.future is not None and group.attempt == losses + 1
            for job in studies._jobs.values() for group in job.going.values()), 120)
        until(lambda: workers.ready)
        kill_workers(workers)
    ended(study)
    # Though the method would have them trained once more.
    assert study.status == "failed" and study.lost == 1 + MOST_STRIKES
    assert set(study.results.states) == {FAILED} and study.message == LOST
    until(lambda: workers.ready)


def test_a_stopped_study_keeps_what_there_is(studies):
    study = studies.submit("ann", Halving(LONG))
    until(lambda: study.results.done.max(initial=0) > 3)
    studies.stop("bob", study.id)
    assert study.active
    studies.stop("ann", study.id)
    assert (study.status, study.message) == ("stopped", "Stopped.")
    done = study.results.done.copy()
    assert np.isfinite(study.results.curves[:, :done.min()]).all()
    again = ended(studies.submit("ann", Halving(CONFIGS)))
    assert again.status == "finished" and (study.results.done == done).all()


def test_nobody_sees_the_studies_of_others(studies):
    study = studies.submit("ann", Halving(LONG))
    assert studies.studies("bob") == [] and studies.study("bob", study.id) is None
    studies.remove("bob", study.id)
    assert studies.studies("ann") == [study]
    with pytest.raises(Refused, match="still training"):
        studies.submit("ann", Halving(CONFIGS))
    studies.adopt("ann", "bob")
    assert studies.studies("bob") == [study] and studies.studies("ann") == []
    studies.remove("bob", study.id)
    assert studies.studies("bob") == []


def test_a_study_that_is_too_large_is_refused_where_it_would_begin(workers, settings):
    studies = StudyService(workers, replace(settings, max_members=5), {})
    with pytest.raises(FieldError, match="6 trainings; the limit is 5"):
        studies.submit("ann", Halving(CONFIGS))
    assert studies.studies("ann") == []
    studies.close()


def test_a_study_waits_until_it_is_its_turn(workers, settings):
    studies = StudyService(workers, replace(settings, max_studies=1, max_waiting=1), {})
    study = studies.submit("ann", Halving(LONG))
    waiting = studies.submit("bob", Halving(CONFIGS))
    assert (study.place, waiting.status, waiting.place) == (None, "waiting", 1)
    with pytest.raises(Refused, match="1 searches of other learners are waiting"):
        studies.submit("cid", Halving(CONFIGS))
    studies.remove("ann", study.id)
    ended(waiting)
    assert (waiting.status, waiting.place) == ("finished", None)
    studies.close()


def test_only_the_last_studies_are_kept(studies, settings):
    made = []
    for _ in range(settings.kept_studies + 2):
        made.append(studies.submit("ann", Halving(LONG)))
        studies.stop("ann", made[-1].id)
    assert studies.studies("ann") == made[1:]


def test_a_method_that_fails_is_told_in_words(studies):
    study = ended(studies.submit("ann", Broken(CONFIGS)))
    assert study.status == "failed" and "no such method" in study.message


@pytest.fixture
def alone(settings) -> Iterator[StudyService]:
    """Studies that get their turns, without a worker."""
    workers: Any = SimpleNamespace(client=None, places=None)
    made = StudyService(workers, replace(settings, kept_seconds=60.0), {})
    yield made
    made.close()


@pytest.mark.parametrize("end", ["stopped", "failed"])
def test_a_study_that_has_ended_lets_go_of_the_learners_table(alone, end):
    study = alone.submit("ann", BrokenLater(CONFIGS))
    until(lambda: len(study.members) == 6)
    with alone._lock:
        job = alone._jobs[study.id]
        payload = weakref.ref(job.payload)  # it holds the table
        if end == "stopped":
            alone.stop("ann", study.id)
        else:
            job.waiting.clear()  # as if its round were over: its method fails next
    until(lambda: not study.active)
    gc.collect()
    assert study.status == end and payload() is None and alone.studies("ann") == [study]


def test_ended_studies_of_learners_that_are_gone_are_forgotten(alone):
    gone, here = alone.submit("ann", Halving(CONFIGS)), alone.submit("bob", Halving(CONFIGS))
    alone.stop("ann", gone.id)
    alone.stop("bob", here.id)
    with alone._lock:
        gone.ended = here.ended = time.time() - 100
        alone._seen["ann"] -= 100
    until(lambda: alone.studies("ann") == [])
    assert alone.studies("bob") == [here]


def test_a_study_that_nobody_watches_is_stopped(workers, settings):
    studies = StudyService(workers, replace(settings, abandoned_seconds=0.5), {})
    study = ended(studies.submit("ann", Halving(LONG)))
    assert study.status == "stopped" and "its page did not respond" in study.message
    studies.close()


def test_who_read_for_long_before_the_start_is_not_taken_for_gone(workers, settings):
    studies = StudyService(workers, settings, {"ann": -1000.0})
    study = ended(studies.submit("ann", Halving(CONFIGS)))
    assert study.status == "finished", study.message
    studies.close()
