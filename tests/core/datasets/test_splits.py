"""A preparation's effects: a smaller training set, wrong labels, rare classes, no scaling, filled gaps."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

from core.datasets import DATASETS, Arrays, Dataset, Preparation, Split
from core.datasets.scikit import read_only
from core.datasets.splits import split
from core.datasets.splits import test_set as shown_set

IRIS, DIGITS = DATASETS["iris"], DATASETS["digits"]


def own(found: Split) -> np.ndarray:
    """All examples to learn from, in their own units."""
    return found.x * found.deviation + found.mean if found.mean is not None else found.x


@pytest.mark.parametrize("size", [10, 37, 100, 900, 5000])
def test_training_size_takes_each_class_by_its_share(size):
    whole, found = split(DIGITS, Preparation(1, 0.2)), split(DIGITS, Preparation(1, 0.2, training_size=size))
    wanted = min(size, len(whole.y))
    assert len(found.y) == wanted
    assert found.validation == pytest.approx(max(0.2 * wanted, min(10, wanted // 2)), abs=1)
    for part in (found.y, found.y_validation):
        # Where there are fewer places than classes, no share can be kept.
        if len(part) >= 20:
            expected = np.bincount(whole.y) * len(part) / len(whole.y)
            assert np.abs(np.bincount(part, minlength=10) - expected).max() <= 1.5
    np.testing.assert_array_equal(found.x_test, whole.x_test)
    # Every one of them is among those that there are to learn from.
    known = {row.tobytes() for row in whole.x}
    assert all(row.tobytes() in known for row in found.x)


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.5])
def test_label_noise_changes_that_share_of_the_training_labels_alone(noise):
    clean, noisy = (split(DIGITS, Preparation(3, 0.25, label_noise=share)) for share in (0.0, noise))
    np.testing.assert_array_equal(clean.x, noisy.x)
    np.testing.assert_array_equal(clean.y_validation, noisy.y_validation)
    np.testing.assert_array_equal(clean.y_test, noisy.y_test)
    wrong = clean.y_train != noisy.y_train
    assert wrong.sum() == round(noise * len(wrong))
    if noise == 0.5:
        # Uniform over the nine other classes: each step around the circle of classes as often.
        steps = np.bincount((noisy.y_train - clean.y_train)[wrong] % 10, minlength=10)
        expected = wrong.sum() / 9
        assert steps[0] == 0 and np.abs(steps[1:] - expected).max() < 4 * np.sqrt(expected)
    assert noisy.y.dtype == np.int32 and not noisy.y.flags.writeable
    np.testing.assert_array_equal(shown_set(DIGITS, Preparation(3, label_noise=noise)).y, clean.y_test)


@pytest.mark.parametrize("imbalance", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("own_test", [False, True])
def test_imbalance_is_a_long_tail_of_what_is_learned_from(imbalance, own_test):
    data, made = DIGITS.load(), DIGITS
    if own_test:
        made = replace(DIGITS, name="own test", load=lambda: Arrays(data.x[:900], data.y[:900]),
                       load_test=lambda: Arrays(data.x[900:], data.y[900:]))
    even, found = (split(made, Preparation(3, 0.2, imbalance=share)) for share in (0.0, imbalance))
    before = np.bincount(even.y)
    # Written out as in the paper: mu ** (k / (K - 1)) with mu what is left of the last class.
    left = np.array([before[k] * (1 - imbalance) ** (k / 9) for k in range(10)])
    parts = (found.y_train, found.y_validation)
    counts = [np.bincount(part, minlength=10) for part in parts]
    np.testing.assert_allclose(sum(counts), np.maximum(left, 3), atol=0.5001)
    for part, count in zip(parts, counts, strict=True):
        assert np.abs(count - len(part) * left / left.sum()).max() < 2.6
    # The test set keeps its own balance: the very same examples (in units of another mean).
    np.testing.assert_array_equal(found.y_test, even.y_test)
    shown, whole = (shown_set(made, Preparation(3, 0.4, imbalance=share)) for share in (imbalance, 0.0))
    np.testing.assert_array_equal(shown.x, whole.x)
    np.testing.assert_array_equal(shown.y, found.y_test)


@given(st.sampled_from(["iris", "wine", "moons", "blobs", "digits"]), st.integers(0, 50), st.floats(0, 0.5),
       st.floats(0, 0.5), st.integers(0, 300), st.floats(0, 0.9), st.floats(0, 0.99))
def test_share_of_validation_changes_neither_shapes_nor_test_set(name, seed, one, other, size, noise, tail):
    values = {"training_size": size, "label_noise": noise, "imbalance": tail}
    first, second = (split(DATASETS[name], Preparation(seed, share, **values)) for share in (one, other))
    assert first.x.shape == second.x.shape and first.y.shape == second.y.shape
    np.testing.assert_array_equal(first.y_test, second.y_test)
    # A single example trains; of two or more, some validate wherever some should.
    assert first.examples >= 1 and (first.validation > 0) == (one > 0 and len(first.y) > 1)
    shown = shown_set(DATASETS[name], Preparation(seed, **values))
    np.testing.assert_array_equal(shown.y, first.y_test)


def test_draws_depend_on_the_seed_alone():
    values = {"training_size": 300, "label_noise": 0.3, "imbalance": 0.6}
    first, other = (split(DIGITS, Preparation(seed, 0.2, **values)) for seed in (8, 9))
    again = split(replace(DIGITS, name="digits again"), Preparation(8, 0.2, **values))
    np.testing.assert_array_equal(first.y, again.y)
    np.testing.assert_array_equal(first.x, again.x)
    assert not np.array_equal(first.y, other.y)


def test_scaling_can_be_left_out():
    plain, scaled = (split(IRIS, Preparation(5, 0.2, scaling=scaling)) for scaling in ("none", "standard"))
    np.testing.assert_allclose(plain.x, own(scaled), rtol=1e-5)
    assert plain.mean is not None and not plain.mean.any() and (plain.deviation == 1).all()
    assert split(DIGITS, Preparation(5, scaling="none")).scale == 1.0
    assert split(DIGITS, Preparation(5)).scale == 1 / 16
    curve = split(DATASETS["curve"], Preparation(5, scaling="none"))
    assert curve.target_mean == 0 and curve.target_deviation == 1 and np.ptp(curve.x) > 5


def holed(seed: int, share: float) -> Dataset:
    """Iris with holes, with a column that has no value at all, and with one that numbers the rows."""
    data, random = IRIS.load(), np.random.default_rng(seed)
    x = np.column_stack([data.x, np.full(len(data.x), np.nan)])
    x[random.random(x.shape) < share] = np.nan
    x = np.column_stack([x, np.arange(len(x))])
    return replace(IRIS, name=f"holed {seed} {share}", shape=(6,), features=(*IRIS.features, "none", "row"),
                   load=lambda: read_only(x.copy(), data.y))


@pytest.mark.parametrize("scaling", ["standard", "none"])
def test_missing_values_are_filled_as_scikit_learn_fills_them(scaling):
    made = holed(1, 0.2)
    x, preparation = made.load().x, Preparation(2, 0.3, scaling=scaling)
    found, shown = split(made, preparation), shown_set(made, preparation)
    rows, tested = (np.rint(part[:, -1]).astype(int) for part in (own(found), shown.x))
    assert sorted([*rows, *tested]) == list(range(150))
    imputer = SimpleImputer(strategy="median", keep_empty_features=True).fit(x[rows[:found.examples]])
    filled, filled_test = imputer.transform(x[rows]), imputer.transform(x[tested])
    np.testing.assert_allclose(shown.x, filled_test, rtol=1e-6)
    if scaling == "standard":
        scaler = StandardScaler().fit(filled[:found.examples])
        filled, filled_test = scaler.transform(filled), scaler.transform(filled_test)
    np.testing.assert_allclose(found.x, filled, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.x_test, filled_test, rtol=1e-4, atol=1e-4)
    assert found.filled == np.isnan(x).sum() > 200


def test_nothing_is_filled_where_nothing_is_missing():
    assert all(split(DATASETS[name], Preparation()).filled == 0 for name in ("iris", "digits", "sine"))


@given(st.lists(st.integers(0, 6), min_size=6, max_size=60), st.integers(0, 5), st.floats(0, 0.5),
       st.integers(0, 70), st.floats(0, 1), st.floats(0, 1))
def test_any_table_can_be_split_even_with_lonely_classes(labels, seed, share, size, noise, tail):
    x, y = np.arange(len(labels), dtype=np.float32)[:, None], np.array(labels)
    made = replace(IRIS, name=f"any {labels}", shape=(1,), features=("x",), classes=tuple("abcdefg"),
                   load=lambda: read_only(x, y))
    preparation = Preparation(seed, share, size, noise, tail, scaling="none")
    found = split(made, preparation)
    assert found.examples >= 1 and len(found.y_test) >= 1
    seen = np.concatenate([found.x, found.x_test])[:, 0].tolist()
    assert len(set(seen)) == len(seen)
    assert shown_set(made, preparation).x.tolist() == found.x_test.tolist()
