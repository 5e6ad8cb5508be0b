"""Who gets a place, and who gives one up: pure bookkeeping, with a clock of its own."""

import itertools

import numpy as np
import pytest

from core.cluster.job import Job
from core.cluster.placement import Placement
from core.cluster.queue import Queue, reserve
from core.datasets.table import Table, read_table
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation
from core.runs.run import Run
from core.settings import Settings

THREADS = 10
ROOM = THREADS - reserve(THREADS)
NUMBERS = itertools.count(1)


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("core.cluster.queue.time.monotonic", made.monotonic)
    return made


def queue(threads: int = THREADS, **limits) -> Queue:
    placement = Placement()
    placement.look({"a": threads})
    return Queue(Settings(workers=1, threads=threads, **limits), placement)


def add(to: Queue, owner: str, parameters: int = 0, host: str = "", table: Table | None = None) -> Job:
    number = next(NUMBERS)
    job = Job(Run(f"{owner}-{number}", owner, RunConfig(), 0, Controls(), created=number, table=table),
              parameters=parameters, host=host)
    to.add(job)
    return job


def end(to: Queue, job: Job) -> None:
    job.run.status = "finished"
    to.free(job)


def pause(job: Job) -> None:
    job.run.status, job.run.controls = "paused", Controls(paused=True)


def park(to: Queue, job: Job) -> None:
    job.parked = True
    to.free(job)


def test_a_newcomer_begins_at_once_however_many_long_runs_one_learner_has():
    all_runs = queue()
    long = [add(all_runs, "ann") for _ in range(5)]
    all_runs.give_places()
    newcomer = add(all_runs, "bob")
    all_runs.give_places()
    assert newcomer.admitted
    assert [job.admitted for job in long] == [True, True, False, False, False]


def test_where_all_threads_are_taken_the_newcomer_is_next():
    all_runs = queue()
    for number in range(ROOM):
        for _ in range(3):
            add(all_runs, f"learner {number}")
    all_runs.give_places()
    running = [job for job in all_runs if job.admitted]
    assert len(running) == ROOM
    newcomer = add(all_runs, "bob")
    all_runs.give_places()
    assert (newcomer.admitted, newcomer.run.place) == (False, 1)
    end(all_runs, running[0])
    all_runs.give_places()
    assert newcomer.admitted


def test_a_run_over_the_budget_waits_and_small_ones_pass_it_only_for_so_long():
    all_runs = queue(64, max_parameters_running=100)
    first = [add(all_runs, owner, 30) for owner in ("ann", "bob", "cid")]
    all_runs.give_places()
    large = add(all_runs, "dan", 60)
    all_runs.give_places()
    assert all(job.admitted for job in first) and (large.admitted, large.run.place) == (False, 1)
    small = [add(all_runs, f"learner {number}", 10) for number in range(20)]
    all_runs.give_places()
    # 10 are left of the budget.
    assert sum(job.admitted for job in small) == 1
    end(all_runs, first[0])
    all_runs.give_places()
    # 40 are left; those that came since may take 40 in all: the large one fits when the first have ended.
    assert sum(job.admitted for job in small) == 4 and not large.admitted
    for job in first[1:]:
        assert not large.admitted
        end(all_runs, job)
        all_runs.give_places()
    assert large.admitted and sum(job.admitted for job in small) == 4


def test_four_paused_networks_of_the_largest_kind_make_room_for_a_fifth(clock):
    all_runs = queue(64)
    held = [add(all_runs, owner, 4_350_000) for owner in ("ann", "bob", "cid", "dan")]
    all_runs.give_places()
    for job in held:
        assert job.admitted
        pause(job)
    clock.now = 1000.0
    assert all_runs.overdue() == [], "nobody waits"
    fifth = add(all_runs, "eve", 4_350_000)
    for clock.now in (1001.0, 1029.0):
        all_runs.give_places()
        assert not fifth.admitted and all_runs.overdue() == []
    clock.now = 1032.0
    job, = all_runs.overdue()
    park(all_runs, job)
    all_runs.give_places()
    assert fifth.admitted and job.run.status == "paused" and not job.waiting
    # When it is resumed, it waits like any other, and the others give their places up for it.
    job.run.controls, job.run.status = Controls(), "waiting"
    all_runs.give_places()
    assert job.waiting and job.run.place == 1
    assert len(all_runs.overdue()) == 1


def test_sixty_two_sessions_with_a_paused_run_each_hold_up_nobody(clock):
    all_runs = queue(64)
    held = [add(all_runs, f"tab {number}") for number in range(62)]
    all_runs.give_places()
    for job in held:
        if job.admitted:
            pause(job)
    honest = add(all_runs, "ann")
    for clock.now in range(0, 30, 2):
        all_runs.give_places()
        assert not honest.admitted and all_runs.overdue() == []
    clock.now = 31.0
    overdue = all_runs.overdue()
    # As many as wait: two of the 62, and one more.
    assert len(overdue) == 3
    for job in overdue:
        park(all_runs, job)
    all_runs.give_places()
    assert honest.admitted and all_runs.overdue() == []
    assert all_runs.refusal("bob") is None


def test_whose_clock_runs_depends_on_why_others_wait(clock):
    all_runs = queue(max_running_per_learner=1)
    ann, bob = add(all_runs, "ann"), add(all_runs, "bob")
    all_runs.give_places()
    pause(ann)
    pause(bob)
    more = add(all_runs, "ann")
    all_runs.give_places()
    all_runs.overdue()
    clock.now = 40.0
    assert not more.admitted and all_runs.overdue() == [ann], "only she herself keeps it from a place"


def test_a_paused_run_that_is_resumed_for_a_moment_does_not_keep_its_place_for_ever(clock):
    all_runs = queue(max_running_per_learner=1)
    held = [add(all_runs, f"tab {number}") for number in range(ROOM)]
    all_runs.give_places()
    first = held[0]
    pause(first)
    honest = add(all_runs, "ann")
    all_runs.give_places()
    all_runs.overdue()
    for _ in range(11):
        clock.now += 2.5
        assert all_runs.overdue() == []
        first.run.status = "training"
        clock.now += 0.5
        assert all_runs.overdue() == []
        pause(first)
    # Eleven pauses were 27.5 s; half a second each while it trained does not count.
    clock.now += 2.5
    assert all_runs.overdue() == [first]
    first.run.status = "training"
    assert all_runs.overdue() == [], "it trains"
    pause(first)
    park(all_runs, first)
    all_runs.give_places()
    assert honest.admitted and all_runs.overdue() == [] and first.blocking == 0


def test_runs_that_wait_for_their_own_learner_alone_keep_no_newcomer_out():
    all_runs = queue(64, max_waiting=4)
    for owner in ("ann", "bob"):
        for _ in range(6):
            assert all_runs.refusal(owner) is None
            add(all_runs, owner)
            all_runs.give_places()
        assert "4 of your runs" in (all_runs.refusal(owner) or "")
    assert sum(job.waiting for job in all_runs) == 8
    assert all_runs.refusal("cid") is None
    newcomer = add(all_runs, "cid")
    all_runs.give_places()
    assert newcomer.admitted


def test_runs_that_wait_for_a_place_are_bounded_in_all():
    all_runs = queue(max_waiting=3)
    for number in range(ROOM + 3):
        assert all_runs.refusal(f"tab {number}") is None
        add(all_runs, f"tab {number}")
        all_runs.give_places()
    assert "3 runs of all learners are waiting" in (all_runs.refusal("ann") or "")


def test_an_address_has_no_more_places_than_it_may():
    all_runs = queue(max_places_per_address=2)
    mine = [add(all_runs, f"tab {number}", host="192.0.2.1") for number in range(4)]
    other = add(all_runs, "bob", host="192.0.2.2")
    unknown = [add(all_runs, f"at home {one}") for one in "abc"]
    all_runs.give_places()
    assert [job.admitted for job in mine] == [True, True, False, False]
    assert other.admitted and all(job.admitted for job in unknown)
    end(all_runs, mine[0])
    all_runs.give_places()
    assert [job.admitted for job in mine[1:]] == [True, True, False]


def test_an_address_at_its_limit_does_not_fill_the_queue_for_all_others():
    all_runs = queue(max_places_per_address=1, max_waiting=4)
    for number in range(3):
        assert all_runs.refusal(f"tab {number}", host="192.0.2.1") is None
        add(all_runs, f"tab {number}", host="192.0.2.1")
        all_runs.give_places()
    assert "from your address" in (all_runs.refusal("tab 4", host="192.0.2.1") or "")
    assert all_runs.refusal("bob", host="192.0.2.2") is None


def test_one_that_keeps_all_others_waiting_waits_for_no_limit_of_its_learner():
    all_runs = queue(max_running_per_learner=1, max_places_per_address=1)
    first, second = (add(all_runs, "ann", host="192.0.2.1") for _ in range(2))
    all_runs.give_places()
    assert first.admitted and not second.admitted
    second.alone_until_step = 10
    all_runs.give_places()
    assert second.admitted


def test_runs_of_a_learners_tables_make_room_for_another_table():
    tables = [read_table(f"a,b\n1,{number}\n".encode(), "t.csv") for number in range(4)]
    most = 2 * tables[0].nbytes
    all_runs = queue(max_upload_bytes_per_session=most)
    for table in (tables[0], tables[0], None, tables[1]):
        add(all_runs, "ann", table=table).run.status = "finished"
    add(all_runs, "bob", table=tables[2]).run.status = "finished"
    add(all_runs, "ann", table=tables[1])
    assert len(all_runs.of("ann", Run)) == 5, "two tables are within the limit, however many runs they have"
    add(all_runs, "ann", table=tables[3])
    assert [job.run.table for job in all_runs.of("ann", Run)] == [None, tables[1], tables[1], tables[3]]
    assert len(all_runs.of("bob", Run)) == 1


def test_the_moments_of_the_oldest_runs_make_room():
    one = queue(max_moment_bytes=60_000)
    jobs = [add(one, f"learner{number}") for number in range(3)]
    for new in jobs:
        for step in range(1, 31):
            new.run.history.append(Evaluation(step, np.zeros((10, 10), np.int64), 9, 1.0, 0.5, False))
    one.thin_moments()
    counts = [len(new.run.history.moments.kept) for new in jobs]
    assert counts[0] == 2 < counts[1] < counts[2] == 30
    assert sum(new.run.history.moments.nbytes for new in jobs) <= 60_000
