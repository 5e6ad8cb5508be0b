"""Successive halving and Hyperband: drop the worst trials early, in brackets of ever longer rounds."""

from dataclasses import dataclass

import numpy as np

from core.studies import sampling
from core.studies.search import Search
from core.studies.study import DIVERGED, FAILED, FINISHED, STOPPED, Member, Round, StudyResults


@dataclass(frozen=True)
class Rung:
    """A round of a bracket: how many of its trials train, and up to the end of which epoch."""

    trials: int
    epochs: int


Bracket = tuple[Rung, ...]


def halving(search: Search) -> tuple[Bracket, ...]:
    """One bracket: all trials start, the best 1/eta continue for eta times as long, and so on.

    Source: K. Jamieson and A. Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter
    Optimization", AISTATS 2016.
    """
    epochs, trials, rungs = search.least_epochs, search.trials, []
    while epochs < search.config.epochs and trials >= search.eta:
        rungs.append(Rung(trials, epochs))
        trials, epochs = trials // search.eta, epochs * search.eta
    return ((*rungs, Rung(trials, search.config.epochs)),)


def hyperband(search: Search) -> tuple[Bracket, ...]:
    """Several brackets: the first drops early and often, the last trains a few trials to the end.

    With R whole trials' worth of `least_epochs`, bracket s of s_max = floor(log_eta R) down to 0 begins with
    n = ceil((s_max + 1) eta**s / (s + 1)) trials of R eta**-s; its round i trains floor(n eta**-i).
    Source: L. Li, K. Jamieson, G. DeSalvo, A. Rostamizadeh and A. Talwalkar, "Hyperband: A Novel Bandit-Based
    Approach to Hyperparameter Optimization", JMLR 18, 2018, algorithm 1.
    """
    eta, most = search.eta, search.config.epochs
    # Computed with whole numbers, because log(81) / log(3) comes out slightly below 4.
    last = next(s for s in range(64) if search.least_epochs * eta**(s + 1) > most)
    brackets = []
    for s in range(last, -1, -1):
        trials = -(-(last + 1) * eta**s // (s + 1))
        brackets.append(tuple(Rung(trials // eta**i, max(1, round(most / eta**(s - i))))
                              for i in range(s + 1)))
    return tuple(brackets)


def following(search: Search, brackets: tuple[Bracket, ...], members: int,
              results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
    """The next round of these brackets, which follow one another."""
    begin = 0
    for bracket in brackets:
        if begin >= members:
            drawn = sampling.random(search, bracket[0].trials, begin)
            new = sampling.members(search, drawn)
            if not new:
                return (), None
            return new, Round(tuple(range(begin, begin + len(new))), bracket[0].epochs)
        # Some of a bracket's trials may have been left out; the next one starts after all that were drawn.
        end = min(begin + len(sampling.members(search, sampling.random(search, bracket[0].trials, begin))),
                  members)
        going = np.arange(begin, end)
        for rung, after in zip(bracket, (*bracket[1:], None), strict=True):
            if not over(results, going, rung.epochs).all():
                return (), Round(tuple(map(int, going)), rung.epochs)
            if after is not None:
                going = kept(search, results, going, rung.epochs, after.trials)
            if not len(going):
                break
        begin = end
    return (), None


def over(results: StudyResults, members: np.ndarray, epochs: int) -> np.ndarray:
    """Whether each of these members has trained that many epochs, or will not train any more, (members,)."""
    ended = np.isin(results.states[members], (FINISHED, DIVERGED, FAILED, STOPPED))
    return (results.done[members] >= epochs) | ended


def kept(search: Search, results: StudyResults, members: np.ndarray, epochs: int, count: int) -> np.ndarray:
    """The best `count` of these members by their results after `epochs`, in order; equal ones by number.

    Members without a result are never kept.
    """
    costs = search.goal.costs(results, epochs)[members]
    order = np.argsort(costs, kind="stable")[:count]
    return np.sort(members[order[np.isfinite(costs[order])]])


def work(bracket: Bracket) -> int:
    """The epochs of all trials of a bracket together."""
    begun = [0, *(rung.epochs for rung in bracket)]
    return sum(rung.trials * (rung.epochs - before) for rung, before in zip(bracket, begun, strict=False))


def rounds(bracket: Bracket) -> str:
    """A bracket in words: how many trials train, and for how long."""
    return ", ".join(f"{rung.trials} up to epoch {rung.epochs}" for rung in bracket)


