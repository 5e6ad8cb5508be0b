"""Moments: thinning keeps its promises about steps and bytes; a retry forgets what it trains again."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation
from core.runs.events import MomentWeights, Paused, Resumed
from core.runs.history import History
from core.runs.moments import MOST, MOST_PAUSES, MOST_WEIGHTS, Moment, Moments
from core.runs.run import Run


def evaluation(step: int, size: int = 2) -> Evaluation:
    return Evaluation(step, np.zeros((size, size), np.int64), 9, 1.0, 0.5, False)


def moment(step: int, val_loss: float = math.nan, size: int = 2) -> Moment:
    return Moment(evaluation(step, size), val_loss=val_loss)


def steps(moments: Moments) -> list[int]:
    return [moment.step for moment in moments.kept]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 1), st.booleans()), min_size=1, max_size=400))
def test_first_last_best_and_pauses_are_never_thinned_away(run):
    moments, step, told, pauses = Moments(), 0, [], []
    for more, val_loss, pauses_here in run:
        step += more
        if pauses_here and len(pauses) < MOST_PAUSES:
            pauses.append(step)
            moments = moments.paused(step)
        told.append((step, val_loss))
        moments = moments.added(moment(step, val_loss))
        best = min(told, key=lambda one: one[1])[0]
        assert {told[0][0], step, best, *pauses} <= set(steps(moments))
        assert len(moments.kept) == min(MOST, len(told)) and steps(moments) == sorted(steps(moments))


@given(st.integers(MOST, 1000), st.integers(1, 100))
@settings(max_examples=10, deadline=None)
def test_what_is_left_is_evenly_spread_in_square_roots_of_steps(count, stride):
    moments = Moments()
    for place in range(count):
        moments = moments.added(moment(place * stride, 1 / (place + 1)))
    left = np.array(steps(moments))
    thinned = np.diff(left) > stride
    gaps = np.diff(np.sqrt(left))[thinned]
    assert (gaps <= 4 * math.sqrt(count * stride) / MOST).all() and len(moments.kept) == MOST


def test_most_of_the_first_epochs_can_be_rewound_to():
    moments = Moments()
    for epoch in range(1, 401):
        moments = moments.added(moment(epoch * 3))
    assert sum(step <= 30 for step in steps(moments)) >= 6


def test_moments_take_no_more_bytes_than_they_may():
    weights, most = (np.zeros(50_000, np.float32),), 2_000_000
    moments = Moments(most)
    for step in range(1, 200):
        moments = moments.added(moment(step, size=20)).weighed(step, weights)
        assert moments.nbytes <= most
    held = [moment.step for moment in moments.kept if moment.weights]
    assert 5 <= len(held) <= MOST_WEIGHTS and held[-1] == 199 and max(np.diff(held)) < 100
    assert len(moments.kept) == MOST, "weights go before moments"
    few = moments.within(0)
    assert steps(few) == [1, 199] and not any(moment.weights for moment in few.kept)
    assert few.within(0) is few


def test_a_cut_history_has_the_moments_up_to_there():
    history = History(moments=Moments(123_456))
    for step in range(1, 9):
        history.append(evaluation(step))
    assert steps(history.cut(Resumed(5, 1)).moments) == [1, 2, 3, 4, 5]
    again = history.cut(Resumed())
    assert steps(again.moments) == [] and again.moments.most_bytes == 123_456


def test_weights_belong_to_the_moment_of_their_step():
    run = Run("run-1", "me", RunConfig(), 0, Controls(), status="training")
    weights = (np.ones(3, np.float32),)
    for event in (evaluation(4), MomentWeights(4, weights), evaluation(8), MomentWeights(4, weights),
                  Paused(9, True), evaluation(9)):
        run.history.append(event)
    assert [run.at(step).history.weights for step in (0, 4, 8, 99)] == [weights, weights, None, None]
    assert [moment.paused for moment in run.history.moments.kept] == [False, False, True]
    assert replace(run, history=History()).at(3) is None


def test_moments_are_found_beside_each_other():
    moments = Moments()
    assert moments.nearest(3) is None and moments.beside(3, True) is None
    for step in (10, 20, 40):
        moments = moments.added(moment(step))
    assert [moments.nearest(step).step for step in (-5, 14, 15, 16, 10**30)] == [10, 10, 10, 20, 40]
    assert [getattr(moments.beside(at, True), "step", None) for at in (5, 10, 30, 40, None)] == \
        [10, 20, 40, None, None]
    assert [getattr(moments.beside(at, False), "step", None) for at in (5, 10, 30, 40, None)] == \
        [10, 10, 20, 20, 20]
