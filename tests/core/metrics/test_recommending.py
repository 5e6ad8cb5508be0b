"""Recommendations: hit rate and NDCG of lists worked out by hand, and methods against scikit-learn."""

import math

import numpy as np
import pytest

from core.datasets import Dataset, Preparation, Split
from core.datasets.pairs import KnownPairs, PairShape
from core.datasets.ratings import RATINGS
from core.datasets.splits import split
from core.metrics.errors_by_count import errors_by_count, training_counts
from core.metrics.ranked_items import MOST, hit_rate, ndcg, ranked_items
from core.metrics.rating_methods import RATING_METHODS, RatingMethod

SMALL = {"users": 60, "titles": 40, "ratings": 1200}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return RATINGS.made_with(SMALL)


@pytest.fixture(scope="module")
def data(dataset: Dataset) -> Split:
    return split(dataset, Preparation(1, 0.1))


def stars(data: Split) -> np.ndarray:
    assert data.target_mean is not None and data.target_deviation is not None
    return (data.y_train * data.target_deviation + data.target_mean)[:, 0].astype(float)


def method(name: str, data: Split) -> RatingMethod:
    return RATING_METHODS[name](data.x_train, stars(data), PairShape(60, 40))


def test_hit_rate_and_ndcg_of_known_places():
    places = np.array([1, 3, 10, 11, 0])
    assert hit_rate(places) == 0.6
    # The gain of a place is 1 over the logarithm of the place plus one: log2 of 2, 4 and 11.
    assert ndcg(places) == pytest.approx((1 + 1 / 2 + 1 / 3.4594316) / 5)
    assert hit_rate(places, 2) == 0.2 and ndcg(places, 3) == pytest.approx(1.5 / 5)
    assert math.isnan(hit_rate(places[:0])) and math.isnan(ndcg(places[:0]))


def test_lists_leave_out_what_was_rated_and_what_is_unknown():
    x = np.array([[1, 1], [1, 2], [2, 2], [2, 3], [1, 4], [2, 4]], np.int32)
    x_test, liked = np.array([[2, 1], [1, 0]], np.int32), np.array([[1, 3], [2, 5], [2, 0]], np.int32)
    # Of six items, number 6 is in no training example; 5 was rated by someone else.
    known = np.array([False, True, True, True, True, True, False])
    rows = {1: [9, 8, 7, 3, 6, 4, 99], 2: [9, 8, 7, 6, 5, 2, 99]}

    def listed(pairs: np.ndarray):
        made = Split(x, x[:, :1], 2, x_test, x_test[:, :1], pairs=KnownPairs(known[:3], known, pairs))
        return ranked_items(made, lambda users: np.array([rows[int(user)] for user in users], float))

    found = listed(liked[:2])
    # User 1 rated 1, 2 and 4: 5 beats the liked 3. User 2 rated all but the liked 5.
    assert found.places.tolist() == [2, 1] and found.among == 1.5
    assert found.top[:, :3].tolist() == [[5, 3, 0], [5, 0, 0]] and found.top.shape == (2, MOST)
    assert listed(liked[2:]).places.tolist() == [0], "unknown items cannot be recommended"
    assert listed(liked[:0]).top.shape == (0, MOST)


def test_equal_scores_are_not_ranked_by_number(data: Split):
    found = ranked_items(data, method("mean", data).scores)
    assert 1.2 * MOST / found.among > found.hit_rate > 0.3 * MOST / found.among
    assert np.corrcoef(found.liked[:, 1], found.places)[0, 1] < 0.5


def test_scores_that_are_no_numbers_recommend_nothing_that_was_rated(data: Split):
    found = ranked_items(data, lambda users: np.full((len(users), 41), np.nan))
    rated = {(int(user), int(item)) for x in (data.x, data.x_test) for user, item in x}
    assert not any((int(user), int(item)) in rated for (user, _), top in
                   zip(found.liked, found.top, strict=True) for item in top)


def test_means_are_those_of_users_and_items(data: Split):
    x, y, asked = data.x_train, stars(data), np.array([[3, 5], [0, 5], [3, 0]])
    user, item, both = y[x[:, 0] == 3].mean(), y[x[:, 1] == 5].mean(), y.mean()
    np.testing.assert_allclose(method("pair_means", data).ratings(asked), [user + item - both, item, user])
    np.testing.assert_allclose(method("popular", data).ratings(asked), [item, item, both])
    often = [int((x[:, 1] == number).sum()) for number in range(41)]
    np.testing.assert_array_equal(method("popular", data).scores(np.array([3, 7])), [often, often])


def test_neighbours_are_scikit_learns_and_are_users(data: Split):
    from sklearn.neighbors import NearestNeighbors

    x, y = data.x_train, stars(data)
    matrix = np.zeros((61, 41))
    matrix[x[:, 0], x[:, 1]] = y
    users = np.flatnonzero(matrix.any(axis=1))
    model = NearestNeighbors(n_neighbors=6, metric="cosine", algorithm="brute").fit(matrix[users])
    asked = np.array([2, 9, 41])
    distances, places = model.kneighbors(matrix[asked])
    assert (users[places[:, 0]] == asked).all()
    near, weights = users[places[:, 1:]], 1 - distances[:, 1:]
    cosine = method("cosine", data)
    np.testing.assert_allclose(cosine.scores(asked), (weights[..., None] * matrix[near]).sum(1), atol=1e-9)
    for user, others, weight in zip(asked, near, weights, strict=True):
        for item in range(1, 41):
            rated = matrix[others, item] > 0
            expected = (weight[rated] @ matrix[others[rated], item] / weight[rated].sum() if rated.any() else
                        y[x[:, 1] == item].mean())
            np.testing.assert_allclose(cosine.ratings(np.array([[user, item]])), [expected], atol=1e-9)
    nobody = cosine.scores(np.array([0]))
    assert not nobody.any() and cosine.ratings(np.array([[0, 3]])) == y[x[:, 1] == 3].mean()


def test_one_rating_alone_is_enough_for_every_method():
    for fit in RATING_METHODS.values():
        made = fit(np.array([[2, 1]]), np.array([4.0]), PairShape(2, 3))
        assert made.ratings(np.array([[2, 1], [1, 3]])).tolist() == [4.0, 4.0]
        assert made.scores(np.array([2, 0])).shape == (2, 4)


def test_errors_are_grouped_by_the_ratings_of_the_user_or_the_title(data: Split):
    off = np.linspace(-2, 2, len(data.x_test))
    for column in (0, 1):
        counts = training_counts(data, column)
        assert counts.tolist() == [int(number > 0) * int((data.x_train[:, column] == number).sum())
                                   for number in data.x_test[:, column]]
        groups = errors_by_count(counts, off)
        assert sum(group.examples for group in groups) == len(off)
        for group in groups:
            most = 10**9 if group.high is None else group.high
            mine = off[(counts >= group.low) & (counts <= most)]
            assert group.rmse == pytest.approx(np.sqrt(np.mean(mine**2))) and group.examples == len(mine)
    names = [group.name for group in errors_by_count(np.array([0, 2, 5, 300]), np.ones(4))]
    assert names == ["0", "1 to 2", "3 to 5", "201 or more"]
