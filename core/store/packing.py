"""A run's curves and test results as bytes, and back: compressed npz, never pickle."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import UserError
from core.runs.downsampling import downsample
from core.runs.evaluations import Evaluation
from core.runs.history import History

# Most points of a table of curves; each of its columns is thinned.
POINTS = 1000
# If there are more numbers about single test examples than this, none are kept.
EXAMPLES = 10_000
CHANGES = 200
# Columns: step, epoch, loss, metric, seconds; and epoch, loss, metric, val_loss, val_metric.
STEPS, EPOCHS = 5, 5


class CorruptData(UserError):
    """Bytes that cannot be read as curves."""


@dataclass(frozen=True, eq=False)
class Curves:
    """A history with few enough points to store.

    Attributes:
        steps: float (n, 5), rows (step, epoch, loss, metric, seconds of training).
        epochs: float (m, 5), rows (epoch, loss, metric, val_loss, val_metric); NaN without validation.
        learning_rates: changes of the learning rate.
    """

    steps: np.ndarray
    epochs: np.ndarray
    steps_per_epoch: int = 0
    learning_rates: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Scores:
    """A run's results on the test set (see `core.runs.evaluations.Evaluation`), without any examples.

    Attributes:
        wrong: for a table's classes, indices of wrongly predicted test examples, int (k,); None if unknown.
        errors: for predicted numbers, absolute error of each test example, float (examples,), the mean over
            outputs; for reconstructions their error, of the normal ones; None if unknown. Both are known for
            complete evaluations only.
        odd_errors: where anomalies are to be found, those of the anomalous examples, float (k,); else None.
        liked: as in `core.runs.evaluations.Evaluation`, of at most `EXAMPLES` users; None if unknown.
    """

    matrix: np.ndarray
    examples: int
    loss: float
    metric: float
    complete: bool
    rmse: float = float("nan")
    r2: float = float("nan")
    wrong: np.ndarray | None = None
    errors: np.ndarray | None = None
    odd_errors: np.ndarray | None = None
    liked: np.ndarray | None = None


def curves_of(history: History) -> Curves:
    """The history, thinned; the ends and the extremes of every curve are kept."""
    steps, epochs = history.table("steps"), history.table("epochs")
    seconds = np.asarray(history.seconds[:len(steps)], float)
    # A history that was not built from events may not have them.
    seconds = np.pad(seconds, (0, len(steps) - len(seconds)), constant_values=np.nan)
    steps = np.column_stack([steps, seconds])
    return Curves(_thinned(steps, (2, 3)), _thinned(epochs, (1, 2, 3, 4)),
                  history.compiled.steps_per_epoch if history.compiled else 0,
                  tuple(history.learning_rates[-CHANGES:]))


def scores_of(evaluation: Evaluation | None, classes: bool, images: bool) -> Scores | None:
    """What to store of an evaluation. classes: whether about classes or words. images: whether of images."""
    if evaluation is None:
        return None
    numbers, liked, wrong, errors, odd_errors = evaluation.numbers, evaluation.liked, None, None, None
    if evaluation.complete and classes and not images and len(evaluation.wrong) <= EXAMPLES:
        wrong = np.sort(np.asarray(evaluation.wrong, np.int64))
    if numbers is not None and evaluation.complete and len(numbers.indices) <= EXAMPLES:
        off = np.abs(np.asarray(numbers.expected, float) - numbers.predicted).mean(axis=1)
        errors = off[np.argsort(numbers.indices)].astype(np.float32)
    if evaluation.reconstructions is not None and evaluation.complete and evaluation.examples <= EXAMPLES:
        errors, odd = evaluation.reconstructions.errors, evaluation.reconstructions.anomalous
        if odd is not None:  # the metric is of the normal ones, too
            errors, odd_errors = errors[~odd], errors[odd]
    nan = float("nan")
    return Scores(np.asarray(evaluation.matrix, np.int64), evaluation.examples, evaluation.loss,
                  evaluation.metric, evaluation.complete, numbers.rmse if numbers else nan,
                  numbers.r2 if numbers else nan, wrong, errors, odd_errors,
                  liked if liked is not None and len(liked) <= EXAMPLES else None)


def pack_curves(curves: Curves) -> bytes:
    with np.errstate(over="ignore"):  # what diverges becomes infinite, which is a gap in the curve
        steps, epochs = curves.steps[:, 1:].astype(np.float32), curves.epochs.astype(np.float32)
    return pack({"steps_per_epoch": curves.steps_per_epoch,
                  "learning_rates": [list(rate) for rate in curves.learning_rates]},
                 {"at": curves.steps[:, 0].astype(np.int64), "steps": steps, "epochs": epochs})


def unpack_curves(content: bytes) -> Curves:
    """Reverses `pack_curves`. Raises `CorruptData`."""
    about, arrays = unpack(content, "at", "steps", "epochs")
    try:
        steps = np.column_stack([arrays["at"], arrays["steps"].reshape(-1, STEPS - 1)]).astype(float)
        return Curves(steps, arrays["epochs"].reshape(-1, EPOCHS).astype(float),
                      int(about["steps_per_epoch"]),
                      tuple((int(step), float(rate)) for step, rate in about["learning_rates"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptData(str(error)) from error


_NUMBERS = ("examples", "loss", "metric", "complete", "rmse", "r2")
_ARRAYS = ("wrong", "errors", "odd_errors", "liked")


def pack_scores(scores: Scores) -> bytes:
    extra = {name: getattr(scores, name) for name in _ARRAYS if getattr(scores, name) is not None}
    return pack({name: getattr(scores, name) for name in _NUMBERS}, {"matrix": scores.matrix, **extra})


def unpack_scores(content: bytes) -> Scores:
    """Reverses `pack_scores`. Raises `CorruptData`."""
    about, arrays = unpack(content, "matrix")
    try:
        return Scores(arrays["matrix"], **{name: about[name] for name in _NUMBERS},
                      wrong=arrays.get("wrong"), errors=arrays.get("errors"),
                      odd_errors=arrays.get("odd_errors"), liked=arrays.get("liked"))
    except (KeyError, TypeError) as error:
        raise CorruptData(str(error)) from error


def _thinned(rows: np.ndarray, columns: tuple[int, ...]) -> np.ndarray:
    if len(rows) <= POINTS:
        return rows
    kept = [downsample(rows[:, column], POINTS // len(columns)) for column in columns]
    return rows[np.unique(np.concatenate(kept))]


def pack(about: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """Plain JSON and arrays as compressed bytes. No array may be called `about`."""
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, about=np.array(json.dumps(about)), **arrays)
    return out.getvalue()


def unpack(content: bytes, *needed: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Reverses `pack`. Raises `CorruptData`, also if one of the `needed` arrays is missing."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(str(arrays.pop("about")))
    except Exception as error:  # a damaged archive fails in many ways
        raise CorruptData(str(error)) from error
    if not isinstance(about, dict) or not set(needed) <= set(arrays):
        raise CorruptData("something is missing")
    return about, arrays
