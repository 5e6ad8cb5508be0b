"""The two features that a picture of a table is drawn over at first."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_selection import f_classif

from core.datasets import DATASETS, Preparation
from core.datasets.overview import glance
from core.datasets.splits import training_set
from core.datasets.table_dataset import DATASET
from core.datasets.telling import telling_features
from tests.core.known_tables import choose, upload


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_they_are_those_of_the_largest_f(name: str):
    dataset = DATASETS[name]
    data = training_set(dataset, Preparation())
    best = np.argsort(-f_classif(data.x.astype(float), data.y)[0])[:2]
    assert telling_features(dataset) == tuple(sorted(best.tolist()))
    assert glance(dataset).labels == tuple(dataset.features[feature] for feature in telling_features(dataset))


def test_of_a_table_with_gaps_categories_and_a_column_that_does_not_vary():
    random, kinds = np.random.default_rng(1), np.arange(90) % 3
    frame = pd.DataFrame({
        "noise": random.normal(size=90), "best": kinds + random.normal(0, 0.1, 90), "same": 1.0,
        "colour": np.array(["red", "green", "blue"])[kinds], "good": kinds + random.normal(0, 0.5, 90),
        "kind": np.array(["a", "b", "c"])[kinds]})
    frame.loc[5:20, "best"] = np.nan
    dataset = DATASET.made_with(choose(upload(frame), "kind", "noise", "best", "same", "colour", "good"))
    assert [dataset.features[feature] for feature in telling_features(dataset)] == ["best", "good"]
    few = DATASET.made_with(choose(upload(frame), "kind", "colour", "noise"))
    assert few.features[-1] == "noise" and telling_features(few) == (0, 3), "a number, and then a category"
    assert telling_features(DATASET.made_with(choose(upload(frame), "kind", "best"))) == (0, 0)
