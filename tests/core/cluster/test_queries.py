"""Questions to a worker: asked once, remembered for so long, and no more of them than may be."""

from types import SimpleNamespace

import pytest

from core.cluster.queries import QueryCache


@pytest.fixture
def asked():
    """What was asked so far, and `QueryCache` that are asked through it."""
    said: list[tuple] = []

    def ask(task, request_id, *arguments):
        said.append((request_id, *arguments))
        return SimpleNamespace(status="pending")

    return said, lambda **limits: QueryCache(ask, lambda: f"q{len(said)}", **limits)


def test_a_question_is_asked_once_and_its_answer_kept(asked):
    said, make = asked
    one = make()
    assert one.get("a", None, 1) is None and one.get("a", None, 1) is None
    assert said == [("q0", 1)]
    assert one.take("q0", "yes") and not one.take("q7", "no")
    assert one.get("a", None, 1) == "yes"


def test_only_the_latest_are_kept(asked):
    said, make = asked
    one = make(most=2)
    for key in "abab":
        one.get(key, None)
    assert len(said) == 2
    one.get("c", None)
    one.get("b", None)
    assert len(said) == 3, "b was used after a, so that a made room"
    one.get("a", None)
    assert len(said) == 4


@pytest.mark.parametrize("limits, patient", [({}, 60.0), ({"timeout": 300.0}, 300.0)])
def test_a_slow_worker_is_waited_for_as_long_as_is_said(asked, limits, patient):
    said, make = asked
    one = make(**limits)
    one.get("a", None)
    one._asked["a"].asked -= patient - 5
    one.get("a", None)
    assert len(said) == 1
    one._asked["a"].asked -= 10
    one.get("a", None)
    assert len(said) == 2, "asked again"
