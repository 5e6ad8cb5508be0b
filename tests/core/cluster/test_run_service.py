"""Runs on a real cluster: order, controls, fair shares, owners, and workers that are lost."""

import time

import pytest

from core.cluster.run_service import Refused
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls
from tests.core.conftest import STEPS_PER_EPOCH, curve, end_curve, ended, ends, losses, until

LONG = RunConfig(epochs=1000)


def test_a_run_tells_every_step_in_order(jobs):
    run = jobs.submit("ann", RunConfig(epochs=4))
    assert run.status in ("waiting", "compiling") and run.slot == 0
    until(lambda: ended(run))
    assert (run.status, run.attempt, run.place) == ("finished", 1, None)
    steps = 4 * STEPS_PER_EPOCH
    assert [row[0] for row in run.history.steps] == list(range(1, steps + 1))
    assert losses(run.history) == pytest.approx(curve(steps, run.config.learning_rate))
    assert [row[0] for row in run.history.epochs] == [1, 2, 3, 4]
    assert run.history.compiled.steps_per_epoch == STEPS_PER_EPOCH
    assert run.history.finished.step == steps


def test_stop_ends_a_run_in_the_middle(jobs):
    run = jobs.submit("ann", LONG)
    until(lambda: run.history.progress)
    jobs.stop("ann", run.id)
    until(lambda: ended(run))
    assert run.status == "stopped"
    assert 0 < run.history.finished.step < LONG.epochs * STEPS_PER_EPOCH


def test_pause_holds_and_steps_are_counted(jobs):
    run = jobs.submit("ann", LONG)
    until(lambda: run.history.progress)
    jobs.control("ann", run.id, paused=True)
    until(lambda: run.status == "paused")
    held = run.history.progress.step
    time.sleep(0.5)
    assert run.history.steps[-1][0] == held
    jobs.control("ann", run.id, paused=False)
    until(lambda: run.status == "training" and run.history.progress.step > held)


def test_a_run_that_begins_paused_takes_single_steps(jobs):
    run = jobs.submit("ann", LONG, begins_paused=True)
    until(lambda: run.status == "paused")
    assert run.history.progress is None
    jobs.control("ann", run.id, steps=3)
    until(lambda: run.history.progress and run.history.progress.step == 3)
    jobs.control("ann", run.id, epochs=1)
    until(lambda: run.history.progress.step == 3 + STEPS_PER_EPOCH)
    time.sleep(0.3)
    assert run.history.steps[-1][0] == 3 + STEPS_PER_EPOCH


def test_a_changed_learning_rate_is_answered_and_no_longer_wished_for(jobs):
    run = jobs.submit("ann", LONG)
    until(lambda: run.history.progress)
    jobs.control("ann", run.id, learning_rate=0.5)
    until(lambda: run.history.learning_rates)
    (step, rate), = run.history.learning_rates
    assert rate == 0.5 and run.controls.learning_rate is None
    until(lambda: run.history.progress.step > step + 5)
    losses_now = losses(run.history)
    assert losses_now == pytest.approx(curve(len(losses_now), 0.01, {step: 0.5}))


def test_a_replay_makes_the_changes_again(jobs):
    run = jobs.submit("ann", RunConfig(epochs=3), replay=[(7, 0.3), (21, 0.1)])
    until(lambda: ended(run))
    assert run.history.learning_rates == [(7, 0.3), (21, 0.1)]
    assert losses(run.history) == pytest.approx(curve(30, 0.01, {7: 0.3, 21: 0.1}))


def test_a_wrong_control_is_refused_with_its_field(jobs):
    run = jobs.submit("ann", LONG)
    for changes in ({"pace": -1}, {"learning_rate": "fast"}, {"features": (0, 99)}, {"speed": 1}):
        with pytest.raises(FieldError) as refused:
            jobs.control("ann", run.id, **changes)
        assert refused.value.field == next(iter(changes))
    assert run.controls == Controls()


def test_a_failing_run_says_what_to_try(jobs):
    run = jobs.submit("ann", RunConfig(seed=666))
    until(lambda: ended(run))
    assert run.status == "failed" and "the seed of the beast" in run.message and "try" in run.message


def test_running_networks_share_a_budget_of_parameters(jobs_with):
    jobs = jobs_with(max_parameters_running=600)  # one of these networks has 403
    first = jobs.submit("ann", LONG)
    second = jobs.submit("bob", RunConfig(epochs=1))
    until(lambda: first.history.progress)
    assert second.status == "waiting" and "403 more parameters. Number 1 in the queue." in second.message
    jobs.stop("ann", first.id)
    until(lambda: ended(second))
    assert second.status == "finished"
    with pytest.raises(Refused, match=r"can have 600 together\. Lower the units"):
        jobs.submit("bob", RunConfig(architecture_parameters={"hidden_units": [128]}))


def test_paused_runs_of_many_sessions_make_room_and_lose_nothing(jobs_with):
    jobs = jobs_with(paused_seconds=0.3)  # six places
    held = [jobs.submit(f"tab {number}", RunConfig(epochs=9), controls=Controls(pace=5.0))
            for number in range(6)]
    for run in held:
        until(lambda run=run: run.history.progress)
        jobs.control(run.owner, run.id, paused=True)
    until(lambda: all(run.status == "paused" for run in held))
    reached = [run.history.progress.step for run in held]
    honest = jobs.submit("ann", RunConfig(epochs=1))
    until(lambda: ended(honest))
    assert honest.status == "finished"
    parked = [run for run in held if not jobs._queue.get(run.id).admitted]
    assert len(parked) == 1, "no more than there was need for"
    assert parked[0].status == "paused" and "Another run needed this place" in parked[0].message
    assert [run.history.progress.step for run in held] == reached and parked[0].history.steps
    jobs.control(parked[0].owner, parked[0].id, steps=1)
    until(lambda: parked[0].status == "paused" and parked[0].history.progress.step == max(
        step + 1 for run, step in zip(held, reached, strict=True) if run is parked[0]))
    for run in held:
        jobs.control(run.owner, run.id, paused=False, pace=None)
    until(lambda: all(ended(run) for run in held))
    for run in held:
        assert run.status == "finished" and ends(run.history) == end_curve(9, 0.01)


def test_a_parked_run_can_be_stopped_and_reset(jobs_with):
    jobs = jobs_with(paused_seconds=0.1, max_running_per_learner=1)
    run = jobs.submit("ann", LONG)
    until(lambda: run.history.progress)
    jobs.control("ann", run.id, paused=True)
    until(lambda: run.status == "paused")
    # The learner's own next run is one of those that it makes room for.
    other = jobs.submit("ann", LONG, begins_paused=True)
    until(lambda: other.status == "paused" and not jobs._queue.get(run.id).admitted)
    step = run.history.progress.step
    jobs.control("ann", run.id, learning_rate=0.5)
    assert run.status == "paused"
    jobs.stop("ann", run.id)
    assert (run.status, run.history.finished.step) == ("stopped", step)
    jobs.remove("ann", run.id)
    assert jobs.runs("ann") == [other]


def test_limits_of_one_learner_and_of_all(jobs_with):
    jobs = jobs_with(max_running_per_learner=1, max_waiting_per_learner=2, max_waiting=3)
    mine = [jobs.submit("ann", LONG) for _ in range(3)]
    assert [run.place for run in mine] == [None, 1, 2]
    with pytest.raises(Refused, match="2 of your runs are already waiting"):
        jobs.submit("ann", LONG)
    # Nor do hers, which wait for her own alone, keep others from waiting for theirs.
    others = [jobs.submit("bob", LONG) for _ in range(3)]
    with pytest.raises(Refused, match="2 of your runs are already waiting"):
        jobs.submit("bob", LONG)
    assert [run.slot for run in mine] == [0, 1, 2] and [run.slot for run in others] == [0, 1, 2]
    jobs.stop("ann", mine[0].id)
    until(lambda: mine[1].status == "training")
    assert mine[2].status == "waiting"


def test_learners_take_turns(jobs_with, workers, monkeypatch):
    # One thread for training, one kept for layer tables.
    monkeypatch.setattr(type(workers), "places", property(lambda self: dict.fromkeys(self._places or {}, 2)))
    jobs = jobs_with(max_running_per_learner=2)
    short = RunConfig(epochs=3)
    first = jobs.submit("ann", LONG)
    ann = [jobs.submit("ann", short) for _ in range(3)]
    bob = [jobs.submit("bob", short) for _ in range(2)]
    assert [run.place for run in (*ann, *bob)] == [2, 4, 5, 1, 3]
    jobs.stop("ann", first.id)
    until(lambda: not any(run.active for run in (*ann, *bob)))
    order = sorted((*ann, *bob), key=lambda run: run.ended)
    assert [run.owner for run in order] == ["bob", "ann", "bob", "ann", "ann"]
    assert [run for run in order if run.owner == "ann"] == ann


def test_another_learner_neither_sees_nor_controls_a_run(jobs):
    run = jobs.submit("ann", LONG)
    until(lambda: run.history.progress)
    assert jobs.run("eve", run.id) is None and jobs.runs("eve") == []
    for act in (lambda: jobs.stop("eve", run.id), lambda: jobs.remove("eve", run.id),
                lambda: jobs.control("eve", run.id, paused=True),
                lambda: jobs.regions("eve", run.id, (0, 1))):
        with pytest.raises(Refused, match="no longer exists"):
            act()
    assert run.status == "training" and jobs.runs("ann") == [run]


def test_the_last_runs_are_kept_and_colours_are_free_again(jobs_with):
    jobs = jobs_with(kept_runs=3)
    held = last = jobs.submit("ann", LONG)
    for _ in range(4):
        last = jobs.submit("ann", RunConfig(epochs=1))
        until(lambda run=last: ended(run))
    kept = jobs.runs("ann")
    assert len(kept) == 3 and kept[0] is held and kept[-1] is last
    assert len({run.slot for run in kept}) == 3 and max(run.slot for run in kept) < 3
    jobs.remove("ann", kept[1].id)
    assert jobs.runs("ann") == [held, last]


def test_runs_follow_the_learner_to_a_new_name(jobs):
    old, mine = jobs.submit("tab-1", LONG), jobs.submit("browser", LONG)
    jobs.adopt("tab-1", "browser")
    assert jobs.runs("tab-1") == [] and jobs.runs("browser") == [old, mine]
    assert old.slot != mine.slot
    jobs.stop("browser", old.id)
    until(lambda: ended(old))


def test_abandoned_runs_end_and_are_forgotten(jobs_with):
    jobs = jobs_with(abandoned_seconds=0.6, kept_seconds=0.6)
    watched, left = jobs.submit("ann", LONG), jobs.submit("bob", LONG)

    def watch() -> bool:
        jobs.touch("ann")
        return ended(left)

    until(watch)
    assert left.status == "stopped" and "0.6 s" in left.message
    until(lambda: jobs.touch("ann") or not jobs.runs("bob"))
    assert watched.status == "training"


def test_nothing_is_held_of_runs_that_are_over(jobs, workers):
    for _ in range(3):
        run = jobs.submit("ann", RunConfig(epochs=1))
        until(lambda run=run: ended(run))
    until(lambda: not [key for key in workers.client.futures if str(key).startswith("train-")])
