"""Which study gets the next turn: pure bookkeeping."""

import time
from dataclasses import replace

import pytest

from core.cluster.placement import Placement
from core.cluster.study_job import StudyJob
from core.cluster.study_queue import FRESH_SECONDS, MOST_IN_ALL, StudyQueue, old
from core.runs.config import RunConfig
from core.settings import Settings
from core.studies.repeats import Seeds
from core.studies.study import Study

SETTINGS = Settings(workers=1, threads=8, max_studies=2, max_waiting=3)


def jobs(*owners: str, host: str = "") -> list[StudyJob]:
    return [StudyJob(Study(f"{owner}-{number}", owner, Seeds(RunConfig(), 3), created=number), host)
            for number, owner in enumerate(owners)]


def test_learners_take_turns_and_all_are_numbered():
    queue, all_jobs = StudyQueue(SETTINGS, Placement()), jobs("ann", "ann", "ann", "bob", "cid")
    queue.give_turns(all_jobs)
    # Ann was served before, so those come first that were not.
    assert [job.admitted for job in all_jobs] == [True, True, False, False, False]
    all_jobs[0].study.status = "finished"
    queue.give_turns(all_jobs)
    assert [job.admitted for job in all_jobs[1:]] == [True, False, True, False]
    assert [job.study.place for job in all_jobs[1:]] == [None, 2, None, 1]


def test_how_many_may_wait_is_bounded_for_one_and_for_all():
    queue, all_jobs = StudyQueue(SETTINGS, Placement()), jobs("ann", "bob", "cid", "dan", "eve")
    queue.give_turns(all_jobs)
    assert "Something else of yours" in (queue.refusal("dan", all_jobs) or "")
    assert "3 searches" in (queue.refusal("fay", all_jobs) or "")
    all_jobs[2].study.status = "stopped"
    assert queue.refusal("fay", all_jobs) is None


def test_an_address_has_no_more_studies_and_runs_than_it_may():
    placement = Placement()
    queue = StudyQueue(replace(SETTINGS, max_places_per_address=2), placement)
    placement.enter("a run", "worker", "192.0.2.1")
    mine, other = jobs("ann", "bob", host="192.0.2.1"), jobs("cid", host="192.0.2.2")
    queue.give_turns([*mine, *other])
    assert [job.admitted for job in (*mine, *other)] == [True, False, True]
    mine[0].study.status = "finished"
    other[0].study.status = "finished"
    placement.leave("a run")
    queue.give_turns([*mine, *other])
    assert mine[1].admitted and placement.held("192.0.2.1") == 1


def test_long_studies_do_not_keep_a_newcomer_from_its_turn_until_they_end(monkeypatch: pytest.MonkeyPatch):
    now = 1000.0
    monkeypatch.setattr("core.cluster.study_queue.time.monotonic", lambda: now)
    queue, all_jobs = StudyQueue(SETTINGS, Placement()), jobs(*(f"learner {index}" for index in range(20)))
    for turns in range(1, MOST_IN_ALL + 2):
        queue.give_turns(all_jobs)
        now += FRESH_SECONDS - 1
        queue.give_turns(all_jobs)
        assert sum(job.admitted for job in all_jobs) == 2 * min(turns, MOST_IN_ALL)
        now += 1
    all_jobs[0].study.status = "finished"
    queue.give_turns(all_jobs)
    assert sum(job.admitted for job in all_jobs) == 2 * MOST_IN_ALL
    assert all_jobs[2 * MOST_IN_ALL].admitted


def test_ended_studies_of_learners_that_are_gone_are_old():
    all_jobs, now = jobs("gone", "here", "goes on", "just ended", "unknown"), time.monotonic()
    for job in all_jobs:
        job.study.ended = None if job.study.owner == "goes on" else time.time() - 100
    all_jobs[3].study.ended = time.time()
    seen = {"gone": now - 100, "here": now, "goes on": now - 100, "just ended": now - 100}
    assert [job.study.owner for job in old(all_jobs, seen, 50)] == ["gone", "unknown"]
