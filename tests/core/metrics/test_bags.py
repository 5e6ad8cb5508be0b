"""Sentences for classical methods: how often each word occurs."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from core.catalog.baselines import baselines_for
from core.datasets import available
from core.datasets.splits import test_set as shown_set
from core.datasets.words import FIRST, UNKNOWN, Vocabulary
from core.metrics.baselines import bag, fit_baseline
from core.runs.config import RunConfig

SAID = ["good good film", "a dull film", "film", "good plot , a dull end"]


def test_a_bag_has_what_scikit_learn_counts():
    vocabulary = Vocabulary.of(SAID, 20, 10)
    found = bag(vocabulary.encoded(SAID), 20).toarray()
    theirs = CountVectorizer(token_pattern=r"\w+", vocabulary=list(vocabulary.known)).fit_transform(SAID)
    np.testing.assert_array_equal(found[:, FIRST:FIRST + len(vocabulary.known)], theirs.toarray())
    assert not found[:, 0].any() and found.shape == (4, 20), "padding is no word"
    strange = bag(vocabulary.encoded(["so so good"]), 20).toarray()[0]
    assert strange[UNKNOWN] == 2 and strange.sum() == 3


def test_methods_that_cannot_read_bags_are_not_offered():
    every, reading = (set(baselines_for("classification", text)) for text in (False, True))
    assert every - reading == {"boosting"}


@pytest.mark.sweep
@pytest.mark.skipif(not available("sentence_polarity"), reason="would have to be downloaded")
def test_every_method_on_offer_reads_sentences(subtests: pytest.Subtests):
    config = RunConfig(dataset="sentence_polarity", architecture="embeddings", training_size=800,
                       dataset_parameters={"vocabulary": 1000, "length": 30})
    for name in baselines_for("classification", text=True):
        with subtests.test(name):
            found, y = fit_baseline(config, name), shown_set(config.data, config.preparation).y
            right = (found.predicted == y).mean()
            assert right == pytest.approx(0.5, abs=0.02) if name == "majority" else 0.5 < right < 0.8
