"""Points to separate: scikit-learn's own where it has them, and points that a learner places."""

import numpy as np
import pytest
import sklearn.datasets
from hypothesis import given
from hypothesis import strategies as st
from sklearn.svm import SVC

from core.datasets import DATASETS, Preparation
from core.datasets.custom_points import POINTS, PointList
from core.datasets.splits import split
from core.parameters import FieldError
from core.runs.config import RunConfig
from tests.strategies import ANYTHING, NASTY, valid

COMPUTED = ("moons", "circles", "spirals", "blobs", "xor", "quantiles")
WITH_RARE = (*COMPUTED, "ten_features")


@pytest.mark.parametrize("name, theirs", [
    ("moons", lambda: sklearn.datasets.make_moons(51, noise=0.2, random_state=7)),
    ("circles", lambda: sklearn.datasets.make_circles(51, noise=0.2, random_state=7, factor=0.5)),
    ("blobs", lambda: sklearn.datasets.make_blobs(51, centers=4, cluster_std=0.2, center_box=(-5, 5),
                                                  random_state=7)[:2]),
    ("quantiles", lambda: sklearn.datasets.make_gaussian_quantiles(n_samples=51, n_features=2, n_classes=4,
                                                                   random_state=7)),
])
def test_points_are_those_of_scikit_learn(name, theirs):
    several = {"classes": 4} if name in ("blobs", "quantiles") else {}
    noise = {"noise": 0.0 if name == "quantiles" else 0.2}
    made = DATASETS[name].made_with({"count": 51, "data_seed": 7, **noise, **several})
    x, y = theirs()
    np.testing.assert_allclose(made.load().x, x.astype(np.float32))
    np.testing.assert_array_equal(made.load().y, y)


@pytest.mark.parametrize("name", COMPUTED)
def test_values_are_followed(name):
    entry = DATASETS[name]
    own = {parameter.name for parameter in entry.parameters}
    several = [2, 3, 5] if "classes" in own else [2]
    for count, classes in ((20, several[0]), (53, several[-1]), (2000, several[len(several) // 2])):
        values = {"count": count, "data_seed": 3} | ({"classes": classes} if "classes" in own else {})
        made = entry.made_with(values)
        data = made.load()
        assert len(data.x) == made.examples == count and len(made.classes) == classes == made.units
        assert set(data.y.tolist()) == set(range(classes)) and np.abs(np.diff(np.bincount(data.y))).max() < 99
        assert dict(made.values) == {parameter.name: parameter.default
                                     for parameter in entry.parameters} | values
        assert made != entry and made == entry.made_with(values)
        assert (made.name, made.parameters) == (entry.name, entry.parameters)
    other = entry.made_with({"data_seed": 4})
    assert not np.array_equal(other.load().x, entry.load().x)
    np.testing.assert_array_equal(entry.made_with({"data_seed": 4}).load().x, other.load().x)


def test_ten_features_are_those_of_scikit_learn():
    made = DATASETS["ten_features"].made_with({"count": 400, "noise": 0.1, "data_seed": 5})
    x, y = sklearn.datasets.make_classification(
        400, 10, n_informative=5, n_redundant=2, n_clusters_per_class=4, class_sep=2.0, flip_y=0.1,
        random_state=5)
    np.testing.assert_allclose(made.load().x, x.astype(np.float32))
    np.testing.assert_array_equal(made.load().y, y)


@pytest.mark.parametrize("name", WITH_RARE)
@pytest.mark.parametrize("count, share", [(2000, 0.03), (53, 0.01), (400, 0.4)])
def test_a_rare_class_is_rare_in_every_set(name, count, share):
    made = DATASETS[name].made_with({"count": count, "rare_share": share})
    y, classes = made.load().y, len(made.classes)
    sizes = np.bincount(y, minlength=classes)
    assert len(y) == made.examples == count and sizes[-1] == max(round(share * count), 5)
    assert np.ptp(sizes[:-1]) <= 1
    found = split(made, Preparation(3, 0.2))
    for part in (found.y_train, found.y_validation, found.y_test):
        assert abs((part == classes - 1).sum() - len(part) * sizes[-1] / count) < 1
    # Shuffled, as all others: the first half holds about as many of the rare class as the second.
    halves = [(part == classes - 1).sum() for part in np.array_split(y, 2)]
    assert abs(halves[0] - halves[1]) <= 4 * np.sqrt(sizes[-1]) + 1


@pytest.mark.parametrize("name", WITH_RARE)
def test_equal_shares_leave_everything_as_it_was(name):
    """Runs that were stored before there was a rare class keep their data and the key of their data."""
    made = DATASETS[name].made_with({"rare_share": 0.0})
    assert made == DATASETS[name] and not any("rare_share" in str(part) for part in made.key)
    assert made.key != made.made_with({"rare_share": 0.1}).key
    assert np.abs(np.diff(np.bincount(made.load().y))).max() < 30


@pytest.mark.parametrize("name", COMPUTED)
def test_noise_moves_points_by_about_its_deviation(name):
    low = 0.1 if name == "blobs" else 0.0
    still, moved = (DATASETS[name].made_with({"count": 2000, "noise": noise}).load() for noise in (low, 0.5))
    np.testing.assert_array_equal(still.y, moved.y)
    assert (moved.x - still.x).std() == pytest.approx(0.5 - low, abs=0.02)


@pytest.mark.parametrize("name, classes, least", [("spirals", 2, 0.99), ("spirals", 5, 0.95),
                                                  ("xor", None, 0.97), ("circles", None, 0.99)])
def test_shapes_can_be_learned_but_not_by_a_line(name, classes, least):
    """Judged by support vector machines of scikit-learn, which know nothing of how the points are made."""
    values = {"count": 1000, "noise": 0.05} | ({"classes": classes} if classes else {})
    data = DATASETS[name].made_with(values).load()
    assert SVC(C=100, gamma=2).fit(data.x[::2], data.y[::2]).score(data.x[1::2], data.y[1::2]) > least
    assert SVC(kernel="linear").fit(data.x, data.y).score(data.x, data.y) < 0.75


@pytest.mark.parametrize("name, values, field", [
    ("moons", {"count": 19}, ".count"), ("moons", {"noise": "loud"}, ".noise"),
    ("blobs", {"classes": 6}, ".classes"), ("moons", {"classes": 3}, ".classes"),
    ("spirals", {"data_seed": -1}, ".data_seed"), ("moons", [], "")])
def test_values_that_do_not_fit_are_refused(name, values, field):
    with pytest.raises(FieldError) as refused:
        DATASETS[name].made_with(values)
    assert refused.value.field == "dataset_parameters" + field


@given(st.integers(0, len(NASTY) - 1).map(lambda index: NASTY[index]) | ANYTHING)
def test_a_list_of_points_takes_or_refuses_anything(value):
    try:
        points = POINTS.check(value, "x", "y.z")
    except FieldError as error:
        assert error.field == "y.z" and len(error.message) < 300
        return
    assert all(type(x) is float and type(y) is float and type(label) is int for x, y, label in points)
    assert POINTS.check(points) == points


@given(ANYTHING, ANYTHING, ANYTHING)
def test_a_point_takes_or_refuses_anything(x, y, label):
    try:
        (point,) = POINTS.check([[x, y, label]])
    except FieldError as error:
        assert error.field == "points" and len(error.message) < 300
        return
    assert abs(point[0]) <= 6 and abs(point[1]) <= 6 and 0 <= point[2] < 5
    assert abs(point[0] - x) <= 0.0051 and point[2] == label


@given(st.text() | st.text("0123456789.-_", max_size=30))
def test_any_text_in_a_link_is_points_or_refused(text):
    try:
        points = POINTS.check(POINTS.parse(text))
    except FieldError:
        return
    assert POINTS.check(POINTS.parse(POINTS.format(points))) == points


@given(valid(POINTS))
def test_points_come_back_from_a_link_and_from_json(points):
    checked = POINTS.check(points)
    assert POINTS.check(POINTS.parse(POINTS.format(checked))) == checked
    assert POINTS.check([list(point) for point in checked]) == checked
    assert set(POINTS.format(checked)) <= set("0123456789.-_")


def test_points_in_a_link_are_short_and_plain():
    assert POINTS.format(POINTS.check([(0.12, -0.34, 0), (-0.004, 6, 4)])) == "12.-34.0_0.600.4"
    assert POINTS.parse("12.-34.0") == ((0.12, -0.34, 0),) and POINTS.parse("") == ()
    huge = "1" * 400 + ".0.0"
    assert POINTS.parse(huge) == huge
    assert str(POINTS.check([[-0.001, 0, 1]])[0][0]) == "0.0"
    assert POINTS.check(POINTS.default) == POINTS.default and len(POINTS.default) == 40


@pytest.mark.parametrize("value, words", [
    (5, "list of points"), ([[1, 2]], r"\(x, y, class\), got \[1, 2\]"), ([[0, 7, 0]], "between -6 and 6"),
    ([[0, 0, 5]], "between 0 and 4"), ([[0, 0, True]], "between 0 and 4"), ([[True, 0, 0]], "be numbers"),
    ([[0, 0, 0]] * 301, "at most 300, got 301")])
def test_refusals_say_what_was_wrong(value, words):
    with pytest.raises(FieldError, match=words):
        PointList("points", "Points", "Help.", ()).check(value)


def test_placed_points_are_the_examples():
    points = [(0.5, -1, 0), (1, 1, 0), (2, 2, 0), (-1, -1, 2), (-2, -2, 2), (-3, -3, 2), (5, 5, 1)]
    made = DATASETS["placed"].made_with({"points": points})
    data = made.load()
    np.testing.assert_allclose(np.column_stack([data.x, data.y]), points)
    assert made.classes == ("class 1", "class 2", "class 3") and made.examples == 7
    for share in (0.0, 0.2, 0.5):
        assert len(split(made, Preparation(1, share)).y_train) >= 2


@pytest.mark.parametrize("points", [[], [(0, 0, 0)] * 9, [(0, 0, 0)] * 9 + [(1, 1, 3)] * 2])
def test_too_few_points_are_refused_in_words(points):
    with pytest.raises(FieldError, match="at least two classes with 3 points") as refused:
        DATASETS["placed"].made_with({"points": points})
    assert refused.value.field == "dataset_parameters.points"


@given(st.lists(st.tuples(st.floats(-6, 6), st.floats(-6, 6), st.integers(0, 4)), max_size=30),
       st.integers(0, 9), st.floats(0, 0.5), st.integers(0, 40), st.floats(0, 0.9), st.floats(0, 0.5))
def test_whatever_is_placed_can_be_split(points, seed, share, size, imbalance, noise):
    try:
        made = DATASETS["placed"].made_with({"points": points})
    except FieldError:
        return
    preparation = Preparation(seed, share, training_size=size, imbalance=imbalance, label_noise=noise)
    found = split(made, preparation)
    assert len(found.y_train) and len(found.y_test) and np.isfinite(found.x).all()
    assert (found.validation > 0) == (share > 0 and len(found.y) > 1)


def test_a_config_can_hold_every_dataset():
    assert RunConfig(dataset="moons").preparation == Preparation(0, RunConfig().validation_share)
