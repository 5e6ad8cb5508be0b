"""A network beside other methods: the same scores and tests as by hand, and words that fit them."""

from math import comb

import numpy as np
import pytest

from core.metrics.baselines import Fitted
from core.metrics.leaderboard import (
    NETWORK,
    Candidate,
    LeaderboardRow,
    against,
    candidate,
    score_words,
    standing,
    verdict,
)

Y = np.zeros(30, np.int32)


def standings(y: np.ndarray, network: Candidate | None, others: list[Candidate],
              seed: int) -> list[LeaderboardRow]:
    """The network first, where it is known."""
    first = [standing(y, network, None, seed)] if network else []
    return first + [standing(y, other, network, seed) for other in others]


def of_classes(name: str, wrong: list[int]) -> Candidate:
    """A method that has all but these right."""
    predicted = Y.copy()
    predicted[wrong] = 1
    return Candidate(name, name.capitalize(), predicted, 0.5, "96")


def of_numbers(name: str, off: float, noise: float = 0.0) -> Candidate:
    drawn = np.random.default_rng(1).normal(0, 1, (60, 1)) * noise
    return Candidate(name, name.capitalize(), np.full((60, 1), off) + drawn, 0.5, "96")


def test_thirty_flowers_cannot_tell_these_apart():
    network, tree = of_classes(NETWORK, [0]), of_classes("tree", [0, 1])
    ours, other = standings(Y, network, [tree], 0)
    assert (ours.score, other.score) == (29 / 30, 28 / 30)
    assert ours.luck is None and set(against(ours, True).values()) == {"–"}
    assert other.luck and other.lead == pytest.approx(1 / 30) and other.paired.p == 1
    assert verdict([ours, other], 30) == \
        "The intervals overlap: 30 test examples are too few to tell the network apart from tree."
    assert score_words(other, True) == ("93.3 %", "78.7 % to 98.2 %")


def test_more_than_luck_is_said_whoever_is_better():
    network, worse = of_classes(NETWORK, []), of_classes("majority", list(range(12)))
    rows = standings(Y, network, [worse], 0)
    assert rows[1].paired.p == pytest.approx(2 / 2**12) and not rows[1].luck
    assert against(rows[1], True) == {"Compared with the network": "network better",
                                      "Only baseline right": "0", "Only network right": "12",
                                      "p": "below 0.001"}
    assert "better than all of them" in verdict(rows, 30)
    rows = standings(Y, of_classes(NETWORK, list(range(9))), [of_classes("forest", [29])], 0)
    assert rows[1].paired.p == pytest.approx(2 * (comb(10, 0) + comb(10, 1)) / 2**10)
    assert verdict(rows, 30) == "Forest is better than the network."


def test_intervals_may_overlap_where_the_paired_test_tells_more():
    network, other = of_classes(NETWORK, []), of_classes("tree", list(range(6)))
    rows = standings(Y, network, [other], 0)
    assert rows[0].interval.overlaps(rows[1].interval) and not rows[1].luck
    assert "overlap" not in verdict(rows, 30)


def test_numbers_are_compared_by_their_errors():
    y = np.zeros((60, 1))
    rows = standings(y, of_numbers(NETWORK, 1.0, 0.3), [
        of_numbers("mean", 3.0, 0.3), of_numbers("ridge", 1.0, -0.3)], 7)
    assert rows[1].score == pytest.approx(np.abs(of_numbers("mean", 3.0, 0.3).predicted).mean())
    assert rows[1].lead == pytest.approx(2.0) and not rows[1].luck
    assert rows[2].luck and rows[2].gap.low <= 0 <= rows[2].gap.high
    assert "too few to tell the network apart from ridge" in verdict(rows, 60)
    assert against(rows[1], False) == {"Compared with the network": "network better",
                                       "Baseline's error minus network's": "2.00 to 2.00"}
    assert np.isnan(rows[0].r2), "a constant target has none"


def test_without_the_network_there_is_nothing_to_say():
    rows = standings(Y, None, [of_classes("tree", [0])], 0)
    assert [row.name for row in rows] == ["tree"] and verdict(rows, 30) == ""
    assert set(against(rows[0], False).values()) == {"–"}


def test_a_part_of_the_examples_is_said():
    whole, some = (candidate(Fitted("support", Y, 1.0, count, 900, "")) for count in (900, 500))
    assert (whole.trained, some.trained) == ("900", "500 of 900")
    assert candidate(Fitted("naive", Y, 0.0, 0, 0, "learns nothing")).trained == "–, learns nothing"
