"""Whether luck can explain a difference in RMSE, hit rate, NDCG or the area under the ROC curve."""

from dataclasses import replace

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from core.comparison.further_noise import further
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation, Reconstructions
from core.store import StoredRun, kept_of
from core.store.packing import Scores, scores_of
from tests.core.store import made

RANDOM = np.random.default_rng(3)
USERS = np.arange(1, 201)
PLACES = RANDOM.integers(1, 41, 200)


def ranked(places: np.ndarray, **more) -> tuple[StoredRun, Scores]:
    """A recommender that put the liked titles there."""
    listed = (places > 0) & (places <= 10)
    gains = np.where(listed, 1 / np.log2(1 + np.maximum(places, 1)), 0)
    tested = replace(made.numbers(np.zeros((3, 1)), np.ones((3, 1))), **{
        "liked": np.stack([USERS, places], axis=1),
        "measures": (("hit_rate", listed.mean()), ("ndcg", gains.mean())), **more})
    found = scores_of(tested, classes=False, images=False)
    assert found is not None
    return kept_of(made.run(config=RunConfig(dataset="diabetes"), tested=tested)), found


def test_hit_rate_and_ndcg_are_compared_user_by_user():
    better = np.where(USERS < 31, 1, PLACES)
    hits, gains = further(ranked(PLACES), ranked(better))
    lost, won = (int(((one <= 10) & (other > 10)).sum())
                 for one, other in ((PLACES, better), (better, PLACES)))
    p = binomtest(lost, lost + won, 0.5).pvalue
    assert hits.label == "Hit rate at 10" and hits.exceeds and f"p = {p:.2g}" in hits.said
    assert f"first has the liked title in its list for {lost} users, only the second for {won}" in hits.said
    assert gains.exceeds and "+" in gains.said.partition("interval")[2]
    same = list(further(ranked(PLACES), ranked(PLACES)))
    assert [one.exceeds for one in same] == [False, False]
    swapped = np.where(USERS < 5, PLACES[::-1], PLACES)
    assert [one.exceeds for one in further(ranked(PLACES), ranked(swapped))] == [False, False]


def rated(errors: np.ndarray) -> tuple[StoredRun, Scores]:
    """A recommender that is off by `errors` stars; of what follows from the users, nothing is known."""
    off = np.asarray(errors)[:, np.newaxis]
    return ranked(PLACES, numbers=made.numbers(off * 0, off).numbers, examples=len(off),
                  measures=(("rmse", float(np.sqrt(np.mean(off**2)))),))


def test_rmse_is_compared_by_the_squared_errors_of_the_same_ratings():
    """One error of two stars or four of one: the same mean squared error, so nothing to tell apart."""
    small, few = np.full(400, 0.5), np.where(np.arange(400) % 16, 0.0, 2.0)
    [alike], [worse] = further(rated(small), rated(few)), further(rated(small), rated(small * 1.2))
    assert alike.label == "RMSE" and alike.exceeds is False and "0.500 and 0.500" in alike.said
    assert worse.exceeds and "interval +0.11 to +0.11" in worse.said
    [elsewhere] = further(rated(small), rated(small[:300]))
    assert elsewhere.exceeds is None


def test_without_the_same_users_or_results_nothing_is_said_of_chance():
    other, one = ranked(PLACES, liked=np.stack([USERS + 1, PLACES], axis=1)), ranked(PLACES)
    assert [found.exceeds for found in further(one, other)] == [None, None]
    assert [found.exceeds for found in further(one, (other[0], None))] == [None, None]
    assert list(further(one, ranked(PLACES, measures=()))) == [], "as in a run of an earlier version"
    [*elsewhere] = further(one, (replace(other[0], test_set="another"), other[1]))
    assert all(found.exceeds is None and "different examples" in found.how for found in elsewhere)


def detector(lift: float, odd: int = 40, seed: int = 0) -> tuple[StoredRun, Scores]:
    """An autoencoder whose errors of the last `odd` of 240 examples, the anomalies, are higher by `lift`."""
    noise = np.random.default_rng(seed).normal(10, 1, 240).astype(np.float32)
    anomalous = np.arange(240) >= 240 - odd
    errors = noise + lift * anomalous.astype(np.float32)
    empty = np.zeros((0, 0))
    area = roc_auc_score(anomalous, errors)
    tested = Evaluation(12, np.zeros((0, 0), np.int64), 240, 0.1, 10.0, True, measures=(("area", area),),
                        reconstructions=Reconstructions(np.zeros(0, int), empty, empty, errors, np.zeros(0),
                                                        1.0, 1.0, 0.0, anomalous, area))
    found = scores_of(tested, classes=False, images=False)
    assert found is not None and found.errors is not None and len(found.errors) == 240 - odd
    return kept_of(made.run(config=RunConfig(target="input", normal=("setosa",)), tested=tested)), found


def test_areas_are_compared_example_by_example():
    [better], [alike] = further(detector(0.3), detector(2.0)), further(detector(1.0), detector(1.1, seed=1))
    assert better.label == "Area under ROC" and better.exceeds and alike.exceeds is False
    [few] = further(detector(0.3, 4), detector(2.0, 4))
    assert few.exceeds is None and "4 anomalies" in few.said
