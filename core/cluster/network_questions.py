"""Questions about networks: what the pages can ask of configs, ended runs, and weights set by hand."""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import numpy as np

from core.catalog.baselines import baselines_for, task_of
from core.cluster import question_tasks
from core.cluster.job import Job
from core.cluster.long_queries import LongQueries
from core.cluster.messages import Answer, Underway
from core.cluster.payload import encode
from core.cluster.queries import QueryCache, Refusal
from core.metrics.baselines import Fitted
from core.metrics.network import NetworkAnswers, refusal
from core.parameters import FieldError, short_repr
from core.runs.answers import FinderProgress, FoundRates, LayerRow
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation, ExampleMaps, TriedAnswer
from core.runs.run import Run
from core.runs.tried import Tried, check
from core.runs.weight_edits import Edit, edited
from core.settings import Settings

# Answers to a test set take up to a megabyte each; a page server has room for this many.
MOST_TEST_SETS = 48
# Answers about earlier moments and about weights set by hand; each is shown at once.
MOST_TRIED = 64


class NetworkQuestions:
    """Answers about networks, each None until a worker has found it. Thread-safe.

    Args:
        ask, end: give a worker a task and end it, as those of `Dispatcher`.
        name: makes an id that was never used.
        lock: of the runs.
        job: finds a learner's run. Raises `Refused` for a run that does not exist.
    """

    def __init__(self, ask: Callable[..., Any], end: Callable[[str, Any], None], name: Callable[[], str],
                 lock: AbstractContextManager[Any], job: Callable[[str, str], Job], settings: Settings):
        self._lock, self._job, self._settings = lock, job, settings
        self._answers = QueryCache(ask, name)
        self._test_sets = QueryCache(ask, name, MOST_TEST_SETS)
        self._tried = QueryCache(ask, name, MOST_TRIED)
        self._long = LongQueries(ask, end, name, lock)

    def take(self, answer: Answer | Underway) -> bool:
        """Take an answer, or a report on how far it is; False if nobody asked here."""
        if isinstance(answer, Underway):
            self._long.tell(answer.request_id, answer.progress)
            return True
        return any(queries.take(answer.request_id, answer.value)
                   for queries in (self._answers, self._test_sets, self._tried, self._long))

    def summary(self, config: RunConfig) -> list[LayerRow] | None:
        """The layer table of `config`; None while a worker computes it."""
        key = json.dumps([config.data.shape, config.output_units, config.layers()])
        return self._answers.get(key, question_tasks.summarize, encode(config))

    def found_rates(self, owner: str, config: RunConfig) -> FoundRates | Refusal | None:
        """A learning rate for `config`, and how it was found; None while `owner` waits for it."""
        return self._long.get(
            owner, ("rates", config), question_tasks.find_rate, encode(config), self._settings)

    def rates_progress(self, config: RunConfig) -> FinderProgress | int | None:
        """How far a search for a learning rate is: its place in the queue, later the worker's progress.

        None while there is nothing to say yet.
        """
        key = ("rates", config)
        return self._long.place(key) or self._long.progress(key)

    def cancel_rates(self, owner: str, config: RunConfig) -> bool:
        """End a search for a learning rate, unless another learner waits for the same one.

        Returns whether `owner` was still waiting for it.
        """
        return self._long.cancel(owner, ("rates", config))

    def augmented(self, config: RunConfig, draw: int) -> np.ndarray | Refusal | None:
        """One image per class as training may see it, uint8; None while a worker computes them.

        draw: a different number draws different changes.
        """
        values = config.to_dict()
        key = json.dumps(["augmented", values["dataset"], values["augmentation_parameters"], draw])
        return self._answers.get(key, question_tasks.augment, encode(config), draw)

    def saved_model(self, owner: str, run_id: str) -> bytes | Refusal | None:
        """An ended run's network as a .keras file; None while a worker writes it.

        Raises `Refused` for a run that does not exist.
        """
        with self._lock:
            run = self._job(owner, run_id).run
        weights = run.history.finished.weights if run.history.finished else None
        if weights is None:
            return Refusal("Only networks with up to 1,000,000 parameters are kept after their run. To save "
                           "this one, train it with the exported script.")
        return self._answers.get(("model", run_id), question_tasks.save_model, encode(run.config), weights)

    def test_answers(self, owner: str, run_id: str) -> NetworkAnswers | Refusal | None:
        """The answers of an ended run's network to its whole test set; None while a worker computes them.

        Raises `Refused` for a run that does not exist.
        """
        with self._lock:
            run = self._job(owner, run_id).run
        refused = refusal(run)
        if refused:
            return Refusal(refused)
        weights = run.history.finished.weights if run.history.finished else None
        return self._test_sets.get(run_id, question_tasks.answer_test_set, encode(run.config), weights)

    def baseline(self, owner: str, config: RunConfig, name: str) -> Fitted | Refusal | None:
        """A classical method fitted to the examples of `config`'s network; None while `owner` waits.

        Runs with the same examples share it. Raises `FieldError` for a method that this task does not have.
        """
        known = baselines_for(task_of(config.data), config.data.is_text, config.data.is_pairs)
        if name not in known:
            raise FieldError("baseline",
                             f"baseline must be one of {', '.join(known)}, got {short_repr(name)}.")
        return self._long.get(owner, (name, config.examples_key), question_tasks.fit_baseline, encode(config),
                              name)

    def baseline_place(self, config: RunConfig, name: str) -> int:
        """The place in the queue of a method that is waited for, from 1; 0 once it has had its turn."""
        return self._long.place((name, config.examples_key))

    def evaluated(self, owner: str, run_id: str, base: Evaluation, edits: Sequence[Edit],
                  features: tuple[int, int]) -> Evaluation | Refusal | None:
        """What the network, with some weights set by hand, says of the test set; None while it is computed.

        base: an evaluation of the run that has its weights. edits: from `checked_edits`. Raises `Refused` for
        a run that does not exist, `ValueError` without weights.
        """
        with self._lock:
            run = self._job(owner, run_id).run
        if base.weights is None:
            raise ValueError("This evaluation has no weights.")
        # There may be thousands of edits, which a key would keep.
        said = hashlib.sha256(repr(tuple(edits)).encode()).hexdigest()
        key = "edited", run_id, run.attempt, base.step, base.loss, said, features
        return self._tried.get(key, question_tasks.evaluate_weights, encode(run.config),
                               edited(run.config, base.weights, edits), features, base.step)

    def tried_at(self, run: Run, tried: Tried) -> TriedAnswer | None:
        """What the network of an earlier moment (`Run.at`) says of an input; None while a worker computes it.

        Raises `FieldError` for an input that it cannot be asked, `ValueError` without weights.
        """
        check(tried, run.config.data)
        if run.history.weights is None or run.history.evaluation is None:
            raise ValueError("This moment has no weights.")
        step = run.history.evaluation.step
        found = self._tried.get((run.id, run.attempt, step, tried), question_tasks.tried,
                                        encode(run.config), run.history.weights, tried)
        return found and replace(found, step=step)

    def maps_at(self, run: Run, example: int) -> ExampleMaps | None:
        """What the layers gave for a test example at an earlier moment (`Run.at`); None while it is computed.

        Raises `ValueError` without weights.
        """
        if run.history.weights is None or run.history.evaluation is None:
            raise ValueError("This moment has no weights.")
        key = run.id, run.attempt, run.history.evaluation.step, example
        return self._tried.get(key, question_tasks.maps, encode(run.config), run.history.weights, example)
