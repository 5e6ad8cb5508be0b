"""Folds of a cross-validation: every example validates once, and nothing of it reaches the preparation."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold, TimeSeriesSplit

from core.datasets import Preparation
from core.datasets.splits import split
from core.parameters import FieldError
from core.runs.config import RunConfig

IRIS = RunConfig().data


def folds(dataset, count, repeat=0, **changes):
    preparation = replace(Preparation(), **changes)
    return [split(dataset, replace(preparation, fold=(index, count, repeat))) for index in range(count)]


def own_units(found, x):
    return np.round(x * found.deviation + found.mean, 3)


@pytest.mark.parametrize("count", [2, 5, 7, 20])
def test_every_example_outside_the_test_set_validates_once(count):
    plain, found = split(IRIS, Preparation(validation_share=0.0)), folds(IRIS, count)
    everything = sorted(map(tuple, own_units(plain, plain.x)))
    assert sorted(tuple(row) for one in found for row in own_units(one, one.x_validation)) == everything
    for one in found:
        assert sorted(map(tuple, own_units(one, one.x))) == everything
        np.testing.assert_array_equal(own_units(one, one.x_test), own_units(plain, plain.x_test))


def test_each_fold_has_its_share_of_each_class():
    labels = split(IRIS, Preparation(validation_share=0.0)).y
    expected = [np.bincount(labels[validate]) for _, validate in
                StratifiedKFold(5, shuffle=True, random_state=0).split(labels, labels)]
    assert [list(np.bincount(fold.y_validation))
            for fold in folds(IRIS, 5)] == [list(one) for one in expected]


def test_the_preparation_is_fitted_on_the_other_folds_alone():
    for fold in folds(IRIS, 4):
        np.testing.assert_allclose(fold.x_train.mean(0), 0, atol=1e-5)
        np.testing.assert_allclose(fold.x_train.std(0), 1, atol=1e-5)
        assert abs(fold.x_validation.mean(0)).max() > 1e-3


def test_noise_of_labels_reaches_no_fold_that_validates():
    clean, noisy = folds(IRIS, 3), folds(IRIS, 3, label_noise=0.5)
    for one, other in zip(clean, noisy, strict=True):
        np.testing.assert_array_equal(one.y_validation, other.y_validation)
        assert (one.y_train != other.y_train).mean() == pytest.approx(0.5, abs=0.01)


def test_another_repeat_divides_anew():
    first, second = folds(IRIS, 5), folds(IRIS, 5, repeat=1)
    assert not np.array_equal(first[0].x_validation, second[0].x_validation)
    again = folds(IRIS, 5, repeat=1)
    np.testing.assert_array_equal(again[0].x_validation, second[0].x_validation)


def test_a_series_never_learns_from_what_comes_later():
    config = RunConfig(dataset="sine")
    whole = split(config.data, Preparation(validation_share=0.0))
    found = folds(config.data, 4)
    sizes = [(len(train), len(validate)) for train, validate in TimeSeriesSplit(4).split(whole.x)]
    assert [(one.examples, one.validation) for one in found] == sizes


def test_more_folds_than_examples_are_refused():
    with pytest.raises(FieldError) as caught:
        folds(IRIS, 20, training_size=12)
    assert caught.value.field == "folds" and "12" in str(caught.value)
