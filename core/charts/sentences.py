"""Test sentences with their predicted classes, most wrong first."""

from core.datasets.dataset import Arrays, Dataset
from core.formatting import Figure, amount, percent
from core.runs.evaluations import Evaluation, Prediction

SHOWN = 18
# So that a message stays small; no sentence of a review is longer.
MOST_CHARACTERS = 300


def sentences(dataset: Dataset, examples: Arrays, evaluation: Evaluation | None = None) -> Figure:
    """Test sentences with their predicted classes, wrong ones first and among them the most confident ones.

    Before there is an evaluation: the first test sentences, with nothing predicted.
    """
    chosen = evaluation.gallery if evaluation else tuple(
        Prediction(index, int(examples.y[index]), -1, 0.0) for index in range(min(SHOWN, len(examples.y))))
    ordered = sorted(chosen, key=lambda one: one.predicted in (one.label, -1))[:SHOWN]
    items = [_item(sentence, dataset, examples) for sentence in ordered]
    wrong = sum(item["wrong"] for item in items)
    return {"kind": "sentences", "items": items,
            "about": f"{amount(len(items), 'test sentence')}, {wrong} of them predicted wrongly.",
            "note": "Most confident mistakes first" if evaluation else ""}


def _item(prediction: Prediction, dataset: Dataset, examples: Arrays) -> Figure:
    known, text = prediction.predicted >= 0, str(examples.x[prediction.index])
    return {"index": prediction.index, "label": dataset.classes[prediction.label],
            "predicted": dataset.classes[prediction.predicted] if known else "",
            "confidence": percent(prediction.confidence, 0) if known else "",
            "wrong": known and prediction.predicted != prediction.label,
            "text": text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS - 1]}…"}
