"""The cards of the live panel, and what each of them shows; one entry per task."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.charts import (
    accuracy_curve,
    confusion_matrix,
    decision_regions,
    error_curve,
    error_histogram,
    fitted_curve,
    forecast,
    gallery,
    guessed_by_rank,
    guessed_curve,
    guesses,
    item_map,
    no_predictions,
    predicted_true,
    reconstruction_curve,
    reconstructions,
    residuals,
    sentences,
)
from core.datasets.dataset import Arrays, Dataset
from core.runs.evaluations import Evaluation
from core.runs.run import Run
from core.views.reports import guesses_report, reconstruction_report, regression_report, report

Content = dict[str, Any]


class Examples(NamedTuple):
    """Examples that pictures draw, in their own units.

    Attributes:
        test, training: None until they are loaded.
        features: the two columns to draw.
    """

    test: Arrays | None
    training: Arrays | None
    features: tuple[int, int]


@dataclass(frozen=True)
class TaskLayout:
    """What the cards show for one task.

    Attributes:
        curve: the chart beside the loss chart.
        matrix: all test examples in one picture.
        predictions: single examples.
        report: a table, at the end of a run.
    """

    curve: Callable[[Dataset, Run | None], Content]
    matrix: Callable[[Dataset, Evaluation | None], Content]
    predictions: Callable[[Dataset, Examples, Evaluation | None], Content]
    report: Callable[[Dataset, Examples, Evaluation | None], Content]


def _classes(dataset: Dataset, examples: Examples, evaluation: Evaluation | None) -> Content:
    if examples.test is None:
        return no_predictions()
    if dataset.is_image:
        return gallery(dataset, examples.test, evaluation)
    if dataset.is_text:
        return sentences(dataset, examples.test, evaluation)
    if len(dataset.features) < 2:
        return no_predictions()  # there is no area over a single feature
    return decision_regions(dataset, examples.test, examples.features, evaluation)


def _numbers(dataset: Dataset, examples: Examples, evaluation: Evaluation | None) -> Content:
    if dataset.is_pairs:
        return item_map(dataset, evaluation)
    if dataset.shape != (1,):
        return residuals(dataset, evaluation)
    if examples.test is None:
        return no_predictions()
    return fitted_curve(dataset, examples.training, examples.test, evaluation)


def _forecast(dataset: Dataset, examples: Examples, evaluation: Evaluation | None) -> Content:
    if examples.test is None:
        return no_predictions()
    return forecast(dataset, examples.test, evaluation)


def _back(dataset: Dataset, examples: Examples, evaluation: Evaluation | None) -> Content:
    return no_predictions() if examples.test is None else reconstructions(dataset, examples.test, evaluation)


def _words(dataset: Dataset, examples: Examples, evaluation: Evaluation | None) -> Content:
    if examples.test is None or evaluation is None:
        return no_predictions()
    return guesses(dataset, examples.test, evaluation)


def _errors(dataset: Dataset, examples: Examples, evaluation: Evaluation | None) -> Content:
    return regression_report(dataset, evaluation, examples.training, examples.test)


TASK_LAYOUTS: dict[str, TaskLayout] = {
    "classification": TaskLayout(
        lambda dataset, run: accuracy_curve(run),
        lambda dataset, evaluation: confusion_matrix(evaluation, dataset.classes), _classes,
        lambda dataset, examples, evaluation: report(evaluation, dataset.classes)),
    "regression": TaskLayout(error_curve, predicted_true, _numbers, _errors),
    "forecasting": TaskLayout(error_curve, predicted_true, _forecast, _errors),
    "reconstruction": TaskLayout(
        reconstruction_curve, error_histogram, _back,
        lambda dataset, examples, evaluation: reconstruction_report(dataset, evaluation)),
    "guessing": TaskLayout(
        lambda dataset, run: guessed_curve(run), lambda dataset, evaluation: guessed_by_rank(evaluation),
        _words, lambda dataset, examples, evaluation: guesses_report(evaluation)),
}
