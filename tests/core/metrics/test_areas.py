"""Areas under ROC curves: against scikit-learn, and their intervals against DeLong's sums written out."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.metrics.intervals import area_interval, compared_areas
from core.metrics.leaderboard import Candidate, against, standing, verdict
from core.metrics.ranking import area

RANDOM = np.random.default_rng(0)
ODD = RANDOM.random(120) < 0.2
# Rounded, so that some are equal.
GOOD, POOR = (np.round(RANDOM.normal(size=120) + lift * ODD, 1) for lift in (2.0, 0.5))


def test_the_area_is_scikit_learns_with_equal_scores_too():
    for scores in (GOOD, POOR, np.zeros(120)):
        assert area(ODD, scores) == pytest.approx(roc_auc_score(ODD, scores))
    assert np.isnan(area(np.ones(3, bool), np.ones(3))) and np.isnan(area(ODD, np.full(120, np.nan)))


def psi(scores: np.ndarray) -> np.ndarray:
    """For each pair of an anomaly and a normal example: 1, a half or 0. DeLong and others, equation 3."""
    above, below = scores[ODD][:, None], scores[~ODD][None, :]
    return (above > below) + 0.5 * (above == below)


def spread(pairs: np.ndarray) -> float:
    rows, columns = pairs.shape
    return float(np.sqrt(pairs.mean(1).var(ddof=1) / rows + pairs.mean(0).var(ddof=1) / columns))


def test_the_intervals_are_delongs():
    found, pairs = area_interval(ODD, POOR), psi(POOR)
    assert found.low == pytest.approx(pairs.mean() - 1.96 * spread(pairs), abs=1e-4)
    assert found.high == pytest.approx(min(1, pairs.mean() + 1.96 * spread(pairs)), abs=1e-4)
    lead, gap = compared_areas(ODD, POOR, GOOD)
    both = psi(GOOD) - psi(POOR)
    assert lead == pytest.approx(both.mean())
    assert gap.high - gap.low == pytest.approx(2 * 1.96 * spread(both), abs=1e-4)


def test_a_few_anomalies_say_nothing_for_certain():
    one = np.arange(20) == 7
    assert area_interval(one, one.astype(float)) == (0.0, 1.0)
    gap = compared_areas(one, np.zeros(20), one.astype(float)).interval
    assert (gap.low, gap.high) == (-1.0, 1.0)


def test_a_network_stands_beside_a_method_by_its_area():
    network, other = (Candidate(name, name, scores[:, None], 1.0, "90")
                      for name, scores in (("network", GOOD), ("nearest", POOR)))
    rows = [standing(ODD, network, None, 0), standing(ODD, other, network, 0)]
    assert rows[1].lead == pytest.approx(rows[0].score - rows[1].score) and (rows[1].lead or 0) > 0.1
    assert "better than all of them" in verdict(rows, 120)
    assert against(rows[1], False, True)["Compared with the network"] == "network better"
    assert "Network's area minus baseline's" in against(rows[1], False, True)
