"""Fits a classical method to the same training examples and scores it on the same test set."""

import time
import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from core.catalog.baselines import BASELINES, Baseline, task_of
from core.datasets import Split
from core.datasets.pairs import PairShape
from core.datasets.splits import split, test_set
from core.errors import UserError
from core.metrics.naive_forecast import naive_forecast, seasonal_naive
from core.metrics.ranked_items import RankedItems, ranked_items
from core.metrics.rating_methods import RATING_METHODS
from core.metrics.season import season_of
from core.runs.config import RunConfig

# Keeps this draw apart from others with the same seed.
_PART = 3


class NotFitted(UserError):
    """A method could not be fitted; the message says why."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted method and its answers to the whole test set, in the set's order.

    Attributes:
        predicted: int (n,), classes; or float32 (n, outputs), in the target's units; of anomalies, float32
            (n, 1), how unusual each example is.
        seconds: to fit it, without the answers.
        examples: how many it was fitted to, of `of`.
        note: what else to know; mostly empty.
        ranked: the liked items of ratings; None for all other data.
    """

    name: str
    predicted: np.ndarray
    seconds: float
    examples: int
    of: int
    note: str = ""
    ranked: RankedItems | None = None


def fit_baseline(config: RunConfig, name: str) -> Fitted:
    """Fit the method `name` to the training examples of `config`, prepared as its network gets them.

    Draws come from the config's seed. Raises `NotFitted` in words, and `DatasetUnavailable`.
    """
    baseline = BASELINES[name]
    if baseline.rule:
        return _by_rule(config, name)
    data = split(config.data, config.preparation)
    if isinstance(config.data.shape, PairShape):
        return _of_ratings(name, data, config.data.shape)
    chosen = part(baseline, data, config.seed)
    x, x_test = (inputs(examples, data) for examples in (data.x_train[chosen], data.x_test))
    y = data.y_train[chosen]
    model = estimator(baseline, config, len(y))
    _one_thread()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the note says if a method did not converge
            began = time.perf_counter()
            model.fit(x, y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y)
            seconds = time.perf_counter() - began
            predicted = _answers(model, baseline.estimators[task_of(config.data)].scores, x_test)
    except Exception as error:
        raise NotFitted(_words(baseline, error)) from error
    if config.data.detects:
        return Fitted(name, predicted.astype(np.float32).reshape(-1, 1), seconds, len(y), data.examples)
    return Fitted(name, _predictions(predicted, data), seconds, len(y), data.examples, _note(model))


def _of_ratings(name: str, data: Split, shape: PairShape) -> Fitted:
    """The answers of a method that reads pairs of users and items."""
    assert data.target_mean is not None and data.target_deviation is not None
    y = (data.y_train * data.target_deviation + data.target_mean)[:, 0].astype(float)
    _one_thread()
    began = time.perf_counter()
    method = RATING_METHODS[name](data.x_train, y, shape)
    seconds = time.perf_counter() - began
    predicted = method.ratings(data.x_test)[:, np.newaxis].astype(np.float32)
    return Fitted(name, predicted, seconds, len(y), len(y), ranked=ranked_items(data, method.scores))


def _by_rule(config: RunConfig, name: str) -> Fitted:
    """The answers of a forecast that learns nothing. Raises `NotFitted` where there is no season."""
    if name == "naive":
        told, note = naive_forecast(config.data, test_set(config.data, config.preparation)), "learns nothing"
    else:
        told = seasonal_naive(config.data)
        note = f"learns nothing; season of {season_of(config.data)} steps"
    if told is None:
        raise NotFitted(f"{BASELINES[name].label}: no season was found in the values before the test part. "
                        "The other methods need none.")
    return Fitted(name, told.astype(np.float32), 0.0, 0, 0, note)


def part(baseline: Baseline, data: Split, seed: int) -> np.ndarray:
    """Indices of the training examples that `baseline` is fitted to, in order: all, within its limits."""
    values = int(np.prod(data.x.shape[1:]))
    most = max(1, min(baseline.most_examples, baseline.most_values // max(values, 1)))
    if data.examples <= most:
        return np.arange(data.examples)
    return np.sort(np.random.default_rng([seed, _PART]).choice(data.examples, most, replace=False))


def inputs(x: np.ndarray, data: Split) -> Any:
    """Examples as scikit-learn reads them: rows of numbers, or of a sentence the counts of its words."""
    if data.vocabulary is None:
        return flat(x, data.scale)
    return bag(x, data.vocabulary.size)


def bag(x: np.ndarray, size: int) -> Any:
    """How often each number of the vocabulary occurs in each sentence, padding left out: sparse (n, size)."""
    from scipy.sparse import csr_matrix

    rows, columns = np.nonzero(x)
    counted = csr_matrix((np.ones(len(rows), np.float32), (rows, x[rows, columns])), shape=(len(x), size))
    counted.sum_duplicates()
    # Trees and support vectors take no longer ones.
    counted.indices, counted.indptr = counted.indices.astype(np.int32), counted.indptr.astype(np.int32)
    return counted


def flat(x: np.ndarray, scale: float) -> np.ndarray:
    """Examples as rows of numbers, scaled as the network gets them: float32 (n, inputs)."""
    return x.reshape(len(x), -1).astype(np.float32) * np.float32(scale)


def estimator(baseline: Baseline, config: RunConfig, examples: int) -> Any:
    """scikit-learn's object, not fitted yet. examples: how many it will be fitted to."""
    entry = baseline.estimators[task_of(config.data)]
    parameters = dict(entry.parameters)
    if "n_neighbors" in parameters:
        parameters["n_neighbors"] = min(parameters["n_neighbors"], examples)
    if entry.seeded:
        parameters["random_state"] = config.seed
    made = getattr(import_module(f"sklearn.{entry.module}"), entry.class_name)(**parameters)
    if not entry.single or config.data.outputs == 1:
        return made
    from sklearn.multioutput import MultiOutputRegressor

    return MultiOutputRegressor(made, n_jobs=1)


def _answers(model: Any, scores: str, x: np.ndarray) -> np.ndarray:
    """What a fitted method says of examples: its predictions, or how unusual each is, float (n,)."""
    if scores == "distances":
        return model.kneighbors(x)[0][:, 0]
    return -model.score_samples(x) if scores else model.predict(x)


def _predictions(predicted: np.ndarray, data: Split) -> np.ndarray:
    """A method's predictions as classes, or as numbers in the target's own units."""
    if data.target_mean is None or data.target_deviation is None:
        return predicted.astype(np.int32)
    rows = predicted.reshape(len(data.y_test), -1)
    return (rows * data.target_deviation + data.target_mean).astype(np.float32)


def _one_thread() -> None:
    """Let the libraries beneath scikit-learn use one processor: training runs need the others."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def _note(model: Any) -> str:
    """A note if the method was stopped before it converged."""
    limit, taken = getattr(model, "max_iter", -1), getattr(model, "n_iter_", None)
    if limit is None or limit < 1 or taken is None or type(model).__name__ != "LogisticRegression":
        return ""
    return f"stopped after {limit} steps" if int(np.max(taken)) >= limit else ""


def _words(baseline: Baseline, error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"{baseline.label}: there was not enough memory. Choose a smaller training set."
    said = str(error).strip().partition("\n")[0][:200]
    return f"{baseline.label} cannot be fitted to these examples: {said or type(error).__name__}"
