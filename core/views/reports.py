"""The test report of a run, as plain data: its results on the whole test set, beside a simple guess."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.charts.guessed import band_names
from core.datasets.dataset import Arrays, Dataset
from core.formatting import amount, every, number, percent
from core.metrics.naive_forecast import rule_to_beat
from core.metrics.scores import metrics, regression_metrics
from core.runs.evaluations import Evaluation
from core.runs.guesses import GUESSES
from core.views.status import NONE


def report(evaluation: Evaluation | None, classes: Sequence[str]) -> dict[str, Any]:
    """Precision, recall, F1 and support per class, once all test examples were evaluated; `–` until then."""
    columns = ["Class", "Precision", "Recall", "F1", "Examples"]
    if evaluation is None or not evaluation.complete:
        return {"columns": columns, "rows": [[name, *[NONE] * 4] for name in classes],
                "note": "At the end of a run"}
    found = metrics(evaluation.matrix)
    rows = [[name, percent(scores.precision), percent(scores.recall), percent(scores.f1), str(scores.support)]
            for name, scores in zip(classes, found.classes, strict=True)]
    return {"columns": columns, "rows": rows,
            "note": f"{percent(found.accuracy)} of {amount(evaluation.examples, 'test example')} right"}


def regression_report(dataset: Dataset, evaluation: Evaluation | None, training: Arrays | None = None,
                      test: Arrays | None = None) -> dict[str, Any]:
    """Errors and R² of the network, and of a guess without a network; `–` until all are evaluated.

    training, test: examples in their own units; None until they are loaded. The guess is the mean of the
    training targets or, for a forecast, the last value of the window or the value one season ago, whichever
    is better.
    """
    forecasting = dataset.task == "forecasting"
    columns = ["Measure", "Network", "Naive forecast" if forecasting else "Always the mean"]
    rows = [[name, NONE, NONE] for name in ("Mean absolute error", "Root mean squared error", "R²")]
    numbers = evaluation.numbers if evaluation and evaluation.complete else None
    if evaluation is None or numbers is None:
        return {"columns": columns, "rows": rows, "note": "At the end of a run"}
    guess = None
    if forecasting and test is not None:
        rule = rule_to_beat(dataset, test)
        guess, columns[2] = rule.forecast[numbers.indices], rule.name[0].upper() + rule.name[1:]
    elif not forecasting and training is not None:
        guess = np.broadcast_to(training.y.mean(0, dtype=np.float64), numbers.expected.shape)
    beside = (math.nan,) * 3 if guess is None else regression_metrics(numbers.expected, guess)
    for row, value, other in zip(rows, (numbers.mae, numbers.rmse, numbers.r2), beside, strict=True):
        row[1:] = (number(value), number(other)) if row[0] != "R²" else (_r2(value), _r2(other))
    unit = f"; errors in units of {dataset.target}" if dataset.target else ""
    return {"columns": columns, "rows": rows, "note": every(evaluation.examples, "test example") + unit}


def reconstruction_report(dataset: Dataset, evaluation: Evaluation | None) -> dict[str, Any]:
    """Errors of the network and of always answering the mean, and for a table those of each feature.

    `–` until all test examples are evaluated.
    """
    columns, found = ["Measure", "Network", "Always the mean"], None
    if evaluation is not None and evaluation.complete:
        found = evaluation.reconstructions
    if evaluation is None or found is None:
        names = ("Reconstruction error", "Mean squared error", "Variance explained",
                 *(("Error of anomalies", "Area under the ROC curve") if dataset.detects else ()))
        return {"columns": columns, "rows": [[name, NONE, NONE] for name in names],
                "note": "At the end of a run"}
    explained = found.explained
    square = found.square / (1 - explained) if math.isfinite(explained) and explained < 1 else math.nan
    rows = [["Reconstruction error", number(evaluation.metric), number(found.guess)],
            ["Mean squared error", number(found.square), number(square)],
            ["Variance explained", percent(found.explained), percent(0.0)]]
    odd = found.anomalous
    if odd is not None:
        rows += [["Error of anomalies", number(float(found.errors[odd].mean())) if odd.any() else NONE, NONE],
                 ["Area under the ROC curve", number(found.area), NONE]]
    if len(found.by_value) == len(dataset.features):
        rows += [[f"Error of {name}", number(float(error)), NONE]
                 for name, error in zip(dataset.features, found.by_value, strict=True)]
    said = every(evaluation.examples, "test example")
    if odd is not None:
        said = f"{int((~odd).sum())} normal and {int(odd.sum())} anomalous test examples"
    return {"columns": columns, "rows": rows, "note": said}


def guesses_report(evaluation: Evaluation | None) -> dict[str, Any]:
    """The share of hidden words that the network guesses, and that of the most frequent word, by rank.

    `–` until all test examples are evaluated.
    """
    found = evaluation.guesses if evaluation is not None and evaluation.complete else None
    columns = ["Hidden words", "Examples", "Guessed", f"Among the {GUESSES} likeliest"]
    if evaluation is None or found is None:
        return {"columns": columns, "rows": [["All", *[NONE] * 3]], "note": "At the end of a run"}
    rows = [["All", str(evaluation.examples), percent(evaluation.metric), percent(found.among)]]
    rows += [[name, str(count), *(percent(one / count) if count else NONE for one in (right, among))]
             for name, (_, count, right, among) in zip(band_names(found), found.bands, strict=True)]
    rows.append([f"Always “{found.usual}”", str(evaluation.examples), percent(found.guess), NONE])
    return {"columns": columns, "rows": rows, "note": every(evaluation.examples, "test sentence")}


def _r2(value: float) -> str:
    # A mean that is not quite the test set's own is no worse than -0.00.
    return f"{value + 0.0 if abs(value) >= 0.0005 else 0.0:.3f}" if math.isfinite(value) else NONE
