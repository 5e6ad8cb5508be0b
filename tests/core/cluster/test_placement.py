"""Who may go to which worker: after a loss, one at a time and alone."""

import pytest

from core.cluster.placement import EMPTY_SECONDS, Placement


def placement(*addresses: str) -> Placement:
    made = Placement()
    made.look(dict.fromkeys(addresses, 4))
    return made


def test_without_a_worker_nobody_goes_anywhere():
    made = Placement()
    made.look(None)
    assert made.open("one") == {}
    made.look({"a": 4, "b": 8})
    assert made.open("one") == {"a": 4, "b": 8}


def test_a_worker_that_was_lost_is_not_open_until_it_is_known_to_be_gone():
    made = placement("a")
    made.worker_gone("a")
    made.look({"a": 4})
    assert made.open("one") == {}
    made.look({})
    made.look({"a": 4})
    assert made.open("one") == {"a": 4}


def test_those_that_were_there_go_one_at_a_time_and_others_wait():
    made = placement("a")
    for name in ("one", "two"):
        made.isolate(name)
    assert made.open("one") == made.open("two") == {"a": 4} and made.open("new") == {}
    made.enter("one", "a")
    assert made.open("two") == made.open("new") == {} and not made.in_the_way("one")
    made.passed("one")
    assert made.in_the_way("one") and made.open("two") == {}, "it has to leave first"
    made.leave("one")
    assert made.open("one") == {} and made.open("two") == {"a": 4}
    made.enter("two", "a")
    made.passed("two")
    assert not made.trying and not made.in_the_way("two"), "the last one stays"
    assert made.open("one") == made.open("new") == {"a": 4}


def test_one_that_ends_need_not_pass():
    made = placement("a")
    made.isolate("one")
    made.enter("one", "a")
    made.forget("one")
    assert made.open("new") == {"a": 4}


def test_with_several_workers_the_others_stay_open(monkeypatch: pytest.MonkeyPatch):
    made = placement("a", "b")
    made.enter("one", "a")
    made.enter("other", "b")
    made.worker_gone("a")
    made.leave("one")
    made.isolate("one")
    # Another one may come up that is empty.
    assert made.open("one") == {} and made.open("new") == {"b": 4}
    made.look({"b": 4, "c": 4})
    assert made.open("one") == {"c": 4} and made.open("new") == {"b": 4}
    assert not made.in_the_way("other")


def test_where_no_other_worker_comes_one_is_emptied(monkeypatch: pytest.MonkeyPatch):
    made = placement("a", "b")
    for name, address in (("one", "a"), ("b1", "b"), ("b2", "b")):
        made.enter(name, address)
    made.worker_gone("a")
    made.leave("one")
    made.isolate("one")
    made.look({"b": 4})
    import core.cluster.placement
    now = core.cluster.placement.time.monotonic()
    monkeypatch.setattr(core.cluster.placement.time, "monotonic", lambda: now + EMPTY_SECONDS + 1)
    made.look({"b": 4})
    assert made.in_the_way("b1") and made.in_the_way("b2") and made.open("one") == {}
    made.leave("b1")
    made.leave("b2")
    assert made.open("one") == {"b": 4} and made.open("b1") == {}


def test_places_of_an_address_are_counted_wherever_they_are():
    made = placement("a")
    made.enter("one", "a", "192.0.2.1")
    made.enter("study", "", "192.0.2.1")
    made.enter("other", "a", "192.0.2.2")
    assert made.held("192.0.2.1") == 2
    made.leave("one")
    assert made.held("192.0.2.1") == 1
