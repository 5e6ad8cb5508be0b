"""Two classes: how the results change when the probability that counts as "yes" moves."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

# The thresholds of a curve: a hundredth apart, like the slider's.
STEPS = 101


class Costs(NamedTuple):
    """What a false alarm costs, and what a missed case costs, in any unit."""

    false_alarm: float = 1.0
    missed: float = 1.0


EVEN = Costs()


@dataclass(frozen=True)
class Decisions:
    """The results at one threshold.

    Attributes:
        threshold: from this probability on, the answer is "yes".
        true_positive, false_positive: number of examples with the answer "yes", right and wrong.
        false_negative, true_negative: number of examples with the answer "no", wrong and right.
        cost: mean cost per example.
        precision, recall, f1: of the positive class; 0 if there is nothing to divide by.
    """

    threshold: float
    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int
    cost: float

    @property
    def examples(self) -> int:
        return self.true_positive + self.false_positive + self.false_negative + self.true_negative

    @property
    def accuracy(self) -> float:
        return (self.true_positive + self.true_negative) / max(self.examples, 1)

    @property
    def precision(self) -> float:
        return self.true_positive / max(self.true_positive + self.false_positive, 1)

    @property
    def recall(self) -> float:
        return self.true_positive / max(self.true_positive + self.false_negative, 1)

    @property
    def f1(self) -> float:
        wrong = self.false_positive + self.false_negative
        return 2 * self.true_positive / max(2 * self.true_positive + wrong, 1)


def decide(positive: np.ndarray, scores: np.ndarray, threshold: float, costs: Costs = EVEN) -> Decisions:
    """The results with this `threshold` for "yes". positive: bool (n,). scores: float (n,)."""
    yes = scores >= threshold
    hit, alarm = int((yes & positive).sum()), int((yes & ~positive).sum())
    missed = int(positive.sum()) - hit
    cost = (costs.false_alarm * alarm + costs.missed * missed) / max(len(positive), 1)
    return Decisions(threshold, hit, alarm, missed, len(positive) - hit - alarm - missed, cost)


def over_thresholds(positive: np.ndarray, scores: np.ndarray, costs: Costs = EVEN) -> tuple[Decisions, ...]:
    """The same at each threshold of 0, 0.01, ... 1."""
    return tuple(decide(positive, scores, number / (STEPS - 1), costs) for number in range(STEPS))


def cheapest(decisions: tuple[Decisions, ...]) -> Decisions:
    """The threshold with the lowest cost; if several have it, the one nearest to 0.5."""
    return min(decisions, key=lambda decision: (decision.cost, abs(decision.threshold - 0.5)))
