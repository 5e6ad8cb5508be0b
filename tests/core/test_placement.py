"""Who trains where: usual runs share the workers, suspects train apart."""

import itertools
import time
from typing import Any

import pytest

from core.commands import Controls
from core.config import RunConfig
from core.placement import PATIENCE_SECONDS, Placement, Places
from core.queue import Job
from core.run import Run

NUMBERS = itertools.count()


def job(address: str = "", suspect: bool = False, status: str = "training", ago: float = 0.0,
        losses: int = 0) -> Job:
    """A run, with a task at `address` that began `ago` seconds ago where one is given."""
    one = Job(Run(str(next(NUMBERS)), "ann", RunConfig(), 0, Controls(), status=status))
    one.suspect, one.address, one.losses, one.begun = suspect, address, losses, time.monotonic() - ago
    one.future = object() if address else None
    return one


def chosen(new: Job, places: Places | None, *others: Job, placement: Placement | None = None) -> Any:
    placement = placement or Placement()
    placement.look(places, [new, *others])
    return placement.choose(new)


def test_a_run_goes_where_there_is_most_room_for_each():
    places = Places({"a": 4, "b": 8})
    assert chosen(job(), places, job("a")) == "b"
    assert chosen(job(), places, job("a"), job("b"), job("b"), job("b")) == "a"
    assert chosen(job(), places, job("a", status="finished")) == "a"


def test_without_a_worker_it_waits():
    assert chosen(job(), None) is None and chosen(job(), Places({})) is None
    assert chosen(job(suspect=True), Places({"a": 4})) is None, "its own worker is still to be started"


def test_a_worker_that_was_lost_is_not_chosen_until_it_is_known_to_be_gone():
    placement = Placement()
    placement.look(Places({"a": 4}), [])
    placement.lost("a")
    assert chosen(job(), Places({"a": 4}), placement=placement) is None
    assert chosen(job(), Places({}), placement=placement) is None
    assert chosen(job(), Places({"a": 4}), placement=placement) == "a"


def test_one_suspect_at_a_time():
    places = Places({"a": 4}, apart="x")
    assert chosen(job(suspect=True), places, job("a")) == "x"
    assert chosen(job(suspect=True), places, job("x", suspect=True)) is None
    assert chosen(job(), places, job("x", suspect=True)) == "a"


@pytest.mark.parametrize("losses, patience", [(0, 1), (1, 2), (2, 4), (3, 8)])
def test_a_suspect_lets_the_next_one_in_when_it_pauses_or_has_gone_well_for_long(losses, patience):
    places, seconds = Places({"a": 4}, apart="x"), patience * PATIENCE_SECONDS
    assert chosen(job(suspect=True), places, job("x", True, "paused", 0, losses)) == "x"
    assert chosen(job(suspect=True), places, job("x", True, ago=seconds + 1, losses=losses)) == "x"
    assert chosen(job(suspect=True), places, job("x", True, ago=seconds - 5, losses=losses)) is None


def test_somebody_elses_cluster_keeps_one_worker_free_for_suspects():
    places, placement = Places({"a": 4, "b": 4}, starts=False), Placement()
    innocents, suspect = [job("a"), job("a"), job("b")], job(suspect=True)
    assert chosen(suspect, places, *innocents, placement=placement) is None, "one is there still"
    assert placement.apart
    assert chosen(job(), places, *innocents, suspect, placement=placement) == "a", "no more go there"
    assert chosen(suspect, places, *innocents[:2], placement=placement) == "b"
    # It stays the same one, also when the other is emptier.
    assert chosen(suspect, places, placement=placement) == "b"
    placement.look(places, innocents)
    assert not placement.apart and placement.choose(job()) == "b"


def test_with_one_worker_only_a_suspect_goes_there():
    placement = Placement()
    assert chosen(job(suspect=True), Places({"a": 4}, starts=False), job("a"), placement=placement) == "a"
    assert not placement.apart
