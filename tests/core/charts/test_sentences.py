"""The card of sentences: the network's mistakes first, as they are written."""

import numpy as np

from core.charts import sentences
from core.datasets import DATASETS, Arrays
from core.runs.evaluations import Evaluation, Prediction

DATA = DATASETS["sentence_polarity"]
EXAMPLES = Arrays(np.array(["so good", "x" * 500, "<b>dull</b>"], object), np.array([1, 0, 0], np.int32))


def test_before_a_run_the_first_sentences_are_there_unseen():
    found = sentences(DATA, EXAMPLES)
    assert [item["text"][:7] for item in found["items"]] == ["so good", "xxxxxxx", "<b>dull"]
    assert not any(item["predicted"] or item["wrong"] for item in found["items"]) and not found["note"]
    assert len(found["items"][1]["text"]) == 300 and found["items"][1]["text"].endswith("…")


def test_mistakes_come_first():
    gallery = (Prediction(0, 1, 1, 0.9), Prediction(2, 0, 1, 0.81))
    evaluation = Evaluation(3, np.eye(2, dtype=np.int64), 3, 0.5, 0.5, True, gallery=gallery)
    found = sentences(DATA, EXAMPLES, evaluation)
    assert [(item["index"], item["wrong"]) for item in found["items"]] == [(2, True), (0, False)]
    first = found["items"][0]
    assert (first["label"], first["predicted"], first["confidence"]) == ("negative", "positive", "81 %")
    assert found["about"].startswith("2 test sentences, 1 of them predicted wrongly")
