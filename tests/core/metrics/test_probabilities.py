"""The quality of probabilities: calibration, ranking, thresholds; by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, confusion_matrix, f1_score, roc_auc_score

from core.metrics.calibration import reliability
from core.metrics.ranking import ranking, rankings
from core.metrics.threshold import Costs, cheapest, decide, over_thresholds

# Answers of two classes by the probability of class 1; the true classes.
SCORES = np.array([0.95, 0.85, 0.82, 0.62, 0.35, 0.1])
POSITIVE = np.array([True, True, False, True, True, False])
TWO = np.stack([1 - SCORES, SCORES], 1)


def test_calibration_by_hand():
    found = reliability(POSITIVE.astype(int), TWO, bins=10)
    filled = {round(bin_.low, 1): bin_ for bin_ in found.bins if bin_.count}
    # Confidences 0.95, 0.85, 0.82, 0.62, 0.65 (of class 0) and 0.9, right but for the third and the fifth.
    assert {low: (one.count, round(one.accuracy, 3), round(one.confidence, 3))
            for low, one in filled.items()} == {
        0.6: (2, 0.5, 0.635), 0.8: (3, 0.667, 0.857), 0.9: (1, 1.0, 0.95)}
    wanted = (2 * abs(0.5 - 0.635) + 3 * abs(2 / 3 - 2.57 / 3) + 1 * abs(1 - 0.95)) / 6
    assert found.error == pytest.approx(wanted)
    assert found.sure == pytest.approx((0.95 + 0.85 + 0.82 + 0.62 + 0.65 + 0.9) / 6)


def test_a_sure_network_that_is_right_is_calibrated_and_one_that_is_wrong_is_not():
    sure = np.array([[1.0, 0.0]] * 4)
    assert reliability(np.zeros(4, int), sure).error == 0
    assert reliability(np.ones(4, int), sure).error == 1
    assert reliability(np.array([0, 1]), np.full((2, 2), 0.5)).error == 0


def test_ranking_by_hand():
    found = ranking(POSITIVE, SCORES)
    # Of the 4 x 2 pairs the third example stands wrongly before the fourth and the fifth.
    assert found.area == pytest.approx(6 / 8)
    assert found.average_precision == pytest.approx((1 / 1 + 2 / 2 + 3 / 4 + 4 / 5) / 4)
    assert found.share == pytest.approx(4 / 6)


@given(st.integers(0, 2**20), st.integers(2, 150), st.integers(2, 5))
def test_each_class_is_ranked_as_scikit_learn_ranks_it(seed, examples, classes):
    random = np.random.default_rng(seed)
    y, scores = random.integers(classes, size=examples), random.dirichlet(np.ones(classes), examples).round(2)
    for label, found in enumerate(rankings(y, scores)):
        mine = y == label
        if mine.any() and not mine.all():
            assert found.area == pytest.approx(roc_auc_score(mine, scores[:, label]))
            assert found.average_precision == pytest.approx(average_precision_score(mine, scores[:, label]))
        else:
            assert np.isnan(found.area) and not len(found.false_positive)


def test_a_threshold_by_hand():
    found = decide(POSITIVE, SCORES, 0.8, Costs(false_alarm=2, missed=5))
    assert (found.true_positive, found.false_positive, found.false_negative, found.true_negative) == (
        2, 1, 2, 1)
    assert (found.precision, found.recall, found.accuracy) == (2 / 3, 1 / 2, 1 / 2)
    assert found.f1 == pytest.approx(4 / 7)
    assert found.cost == pytest.approx((2 * 1 + 5 * 2) / 6)
    assert decide(POSITIVE, SCORES, 0.62).true_positive == 3, "from the threshold on, itself counted"


@given(st.integers(0, 2**20), st.integers(1, 100), st.floats(0, 1))
def test_a_threshold_gives_scikit_learns_matrix(seed, examples, threshold):
    random = np.random.default_rng(seed)
    positive, scores = random.random(examples) < 0.4, random.random(examples).round(2)
    found, said = decide(positive, scores, threshold), scores >= threshold
    assert [[found.true_negative, found.false_positive], [found.false_negative, found.true_positive]] == \
        confusion_matrix(positive, said, labels=[False, True]).tolist()
    assert found.f1 == pytest.approx(f1_score(positive, said, zero_division=0))


def test_the_cheapest_threshold_depends_on_the_costs():
    even = over_thresholds(POSITIVE, SCORES)
    assert len(even) == 101 and (even[0].threshold, even[-1].threshold) == (0, 1)
    assert cheapest(even).cost == min(one.cost for one in even) == pytest.approx(1 / 6)
    alarms = cheapest(over_thresholds(POSITIVE, SCORES, Costs(false_alarm=100, missed=1)))
    assert alarms.false_positive == 0 and alarms.threshold > 0.82
    misses = cheapest(over_thresholds(POSITIVE, SCORES, Costs(false_alarm=1, missed=100)))
    assert misses.false_negative == 0 and misses.threshold <= 0.35
