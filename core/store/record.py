"""A run as it is stored: what a list of runs shows and, kept apart, its curves and test results."""

import hashlib
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation
from core.runs.run import Run, meaning
from core.store.moment import pack_moment
from core.store.packing import curves_of, pack_curves, pack_scores, scores_of

# A config with 2,000 edited weights has about 100 kB.
LONGEST_NAME, LONGEST_MESSAGE, LONGEST_CONFIG = 200, 1000, 192 * 1024
LONGEST_TAG, MOST_TAGS = 30, 10


@dataclass(frozen=True)
class StoredResults:
    """The results of a run; None where unknown or not finite.

    Attributes:
        metric: accuracy, or mean absolute error in the target's units. Training and validation results are
            from the last epoch.
        seconds: training time without pauses.
        epochs: number of completed epochs.
        further: of the test set, by the names in `core.metrics.measures.FURTHER`; empty in runs that an
            earlier version stored.
    """

    loss: float | None = None
    metric: float | None = None
    val_loss: float | None = None
    val_metric: float | None = None
    test_loss: float | None = None
    test_metric: float | None = None
    seconds: float | None = None
    epochs: float | None = None
    parameters: int | None = None
    steps: int | None = None
    further: Mapping[str, float] = field(default_factory=dict)


# Those with a column each.
RESULTS = tuple(entry.name for entry in fields(StoredResults) if entry.name != "further")


@dataclass(frozen=True)
class StoredRun:
    """One run of a list.

    Attributes:
        config: the config's plain values, read-only; a later version may refuse them.
        test_set: equal for runs tested with the same examples; empty if unknown.
        examples: number of test examples.
        deleted: when it was deleted (`time.time`); None if it was not.
        stored: whether it is in the store.
    """

    id: str
    name: str
    created: float
    ended: float
    status: str
    message: str
    dataset: str
    task: str
    config: Mapping[str, Any]
    results: StoredResults = field(default_factory=StoredResults)
    test_set: str = ""
    examples: int = 0
    tags: tuple[str, ...] = ()
    pinned: bool = False
    deleted: float | None = None
    stored: bool = True

    @property
    def meaning(self) -> tuple[Any, ...]:
        """Equal for runs whose losses mean the same: see `core.runs.run.meaning`."""
        return meaning(self.config.get, self.task)


@dataclass(frozen=True)
class Record:
    """Everything that is stored about one run.

    Attributes:
        owner: the browser's key.
        kept: the entry in a list of runs.
        curves, scores: compressed by `core.store.packing`; scores are None if the run was not tested.
        moment: the last one, by `core.store.moment`; None if there is none, or it is too large.
    """

    owner: str
    kept: StoredRun
    curves: bytes
    scores: bytes | None
    moment: bytes | None = None


def hashed(owner: str) -> str:
    """The hash under which the store knows a browser's key. 128 random bits need no salt."""
    return hashlib.sha256(owner.encode()).hexdigest()


def kept_of(run: Run) -> StoredRun:
    """A run of this session as an entry of a list, whether it has ended or not."""
    config, found = run.config, run.history.evaluation
    return StoredRun(run.id, clean(run.name, LONGEST_NAME), run.created, run.ended or time.time(), run.status,
                clean(run.message, LONGEST_MESSAGE), config.dataset, config.data.task, config.to_dict(),
                _results(run, found if found and found.complete else None), tested_with(config),
                found.examples if found and found.complete else 0, stored=False)


def record_of(run: Run) -> Record:
    """An ended run as it is stored. Raises `ValueError` for a configuration that is far too large."""
    data = run.config.data
    scores = scores_of(run.history.evaluation, bool(data.classes) or data.guesses, data.is_image)
    kept = kept_of(run)
    if len(json.dumps(kept.config)) > LONGEST_CONFIG:
        raise ValueError(f"the configuration of {run.id} is too long to be kept")
    return Record(run.owner, kept, pack_curves(curves_of(run.history)),
                  None if scores is None else pack_scores(scores), pack_moment(run.history))


def tested_with(config: RunConfig) -> str:
    """A name for the examples that a run of `config` is tested with.

    It contains the dataset with its parameters, and whatever else decides them: see `core.datasets.splits`.
    """
    data, preparation = config.data, config.preparation
    drawn = data.load_test is None and data.labelled.task != "forecasting"
    # The last value was the imbalance when that thinned the test set too; 0.0 keeps the names of older runs.
    # Which words are hidden depends on the vocabulary, and so on the training sentences.
    learned = [repr(preparation)] if data.guesses else []
    said = json.dumps([data.key, preparation.divides if drawn else None, 0.0, *learned], default=list)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def clean(text: str, longest: int) -> str:
    """`text` in a form that every database accepts: only printable characters, and not too long."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:4 * longest]).strip()[:longest]


def _results(run: Run, found: Evaluation | None) -> StoredResults:
    history, now = run.history, run.history.progress
    loss, metric, val_loss, val_metric = ((now.loss, now.metric, None, None) if now else (None,) * 4) \
        if not history.epochs else history.epochs[-1][1:]
    return StoredResults(
        *map(_finite, (loss, metric, val_loss, val_metric, found and found.loss, found and found.metric,
                       now and now.seconds, now and now.epoch)),
        parameters=history.compiled.parameters if history.compiled else None, steps=now.step if now else None,
        further={name: value for name, value in found.measures if math.isfinite(value)} if found else {})


def _finite(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
