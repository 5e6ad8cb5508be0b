"""RunService: everything the pages can ask of runs, from submit to stop, and of trained networks."""

import itertools
import json
import time
import uuid
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.catalog.baselines import baselines_for
from core.catalog.layers.counting import parameters
from core.cluster import run_tasks, weight_tasks
from core.cluster.compile_ahead import CompileAhead
from core.cluster.dispatcher import Dispatcher
from core.cluster.ended_queries import EndedRunQueries
from core.cluster.job import Job, changed_controls
from core.cluster.long_queries import LongQueries
from core.cluster.messages import Answer, Underway
from core.cluster.payload import encode, table_of
from core.cluster.placement import Placement
from core.cluster.queries import QueryCache, Refusal
from core.cluster.queue import Queue, Refused
from core.cluster.workers import Workers
from core.datasets import available
from core.metrics.baselines import Fitted
from core.metrics.network import NetworkAnswers, refusal
from core.parameters import FieldError, short_repr
from core.runs.answers import FinderProgress, FoundRates, LayerRow
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.dense_steps import weights_travel
from core.runs.evaluations import Evaluation, TriedAnswer
from core.runs.history import History
from core.runs.moments import Moments
from core.runs.run import Run
from core.runs.tried import Tried, check
from core.runs.weight_edits import Edit, edited
from core.settings import Settings

__all__ = ["Refused", "RunService"]

# Answers to a test set take up to a megabyte each; a page server has room for this many.
MOST_TEST_SETS = 48
# Answers about earlier moments; each is shown at once.
MOST_TRIED = 64


class RunService:
    """All runs of this page server; each owner sees only their own. Thread-safe.

    Args:
        train: the task that trains, with the arguments of `core.cluster.run_tasks.train`.
        ended: receives each run that has ended, unless it was removed; it must not wait.
    """

    def __init__(self, workers: Workers, settings: Settings, train: Callable[..., None] = run_tasks.train,
                 ended: Callable[[Run], None] = lambda run: None):
        self.placement = Placement()
        self._settings, self._seen = settings, dict[str, float]()
        self._queue = Queue(settings, self.placement)
        self._server, self._numbers = uuid.uuid4().hex, itertools.count(1)
        self._ahead = CompileAhead(lambda *task, **to: self._dispatcher.ask(*task, **to), self._name,
                                   self._resting, settings)
        self._dispatcher = Dispatcher(self._server, workers, settings, self._queue, self.placement, train,
                                  self._answered, self._seen, ended, self._ahead.begin)
        self._lock = self._dispatcher.lock
        self._answers = QueryCache(self._dispatcher.ask, self._name)
        self._test_sets = QueryCache(self._dispatcher.ask, self._name, MOST_TEST_SETS)
        self._moments_tried = QueryCache(self._dispatcher.ask, self._name, MOST_TRIED)
        self._ended = EndedRunQueries(self._dispatcher.ask, self._name)
        self._long = LongQueries(self._dispatcher.ask, self._dispatcher.end, self._name, self._lock)

    def submit(self, owner: str, config: RunConfig, *, begins_paused: bool = False,
               controls: Controls | None = None, replay: Sequence[tuple[int, float]] = (),
               host: str = "") -> Run:
        """Start a new run of `config`. Raises `Refused` if it is too large or too many runs wait.

        Args:
            owner: the browser's key.
            replay: learning-rate changes (step, learning_rate) of an earlier run, to be made again at the
                same steps.
            host: the client's address; empty if unknown.
        """
        count = parameters(config.entries(), config.data.shape, config.output_units)
        with self._lock:
            self.touch(owner)
            refusal = self._queue.refusal(owner, count, host)
            if refusal:
                raise Refused(refusal)
            controls = replace(controls or Controls(), paused=begins_paused, stopped=False,
                               learning_rate=None)
            moments = Moments(self._settings.max_moment_bytes_per_run)
            job = Job(Run(self._name(), owner, config, 0, controls, begins_paused=begins_paused,
                          history=History(moments=moments), table=table_of(config)),
                      replay=tuple(replay), parameters=count, host=host)
            self._queue.add(job)
            self._dispatcher.admit()
        self._dispatcher.wake()
        return job.run

    def expect(self, owner: str, config: RunConfig) -> None:
        """Note that `owner` may soon train `config`: it is compiled ahead while nobody trains."""
        count = parameters(config.entries(), config.data.shape, config.output_units)
        # A start is another training, and data that is not here would have to be downloaded.
        if self._settings.warm_up and config.start is None and count <= self._settings.max_parameters \
                and available(config.dataset):
            with self._lock:
                self._ahead.want(owner, config)

    def reopen(self, run: Run) -> None:
        """Take an ended run from the store among those of its owner, unless it is there already."""
        with self._lock:
            if not run.active and self._queue.get(run.id) is None:
                self._queue.add(Job(run, reported=True))

    def runs(self, owner: str) -> list[Run]:
        """The learner's kept runs, newest last."""
        with self._lock:
            return [job.run for job in self._queue.of(owner)]

    def run(self, owner: str, run_id: str) -> Run | None:
        """One run; None if it is gone or belongs to somebody else."""
        with self._lock:
            job = self._queue.get(run_id)
            return job.run if job and job.run.owner == owner and not job.removed else None

    def control(self, owner: str, run_id: str, **changes: Any) -> Run:
        """Change the controls of a run; has no effect once it has ended.

        Raises `FieldError` for a value that is refused, `Refused` for a run that does not exist.
        """
        with self._lock:
            self.touch(owner)
            job = self._job(owner, run_id)
            controls = changed_controls(job.run, changes)
            if not job.run.active:
                return job.run
            job.run.controls = controls
            # A run that was resumed may keep others waiting as long as a new one.
            job.leaving = job.leaving and self.placement.in_the_way(run_id)
            if job.parked:
                job.run.status, job.run.message = ("paused" if job.idle else "waiting"), ""
                self._dispatcher.wake()
            self._dispatcher.push(job)
            if controls.stopped:
                self._dispatcher.stop(job)
        return job.run

    def stop(self, owner: str, run_id: str) -> Run:
        """End a run. Raises `Refused` for a run that does not exist."""
        return self.control(owner, run_id, stopped=True)

    def remove(self, owner: str, run_id: str) -> None:
        """Forget a run, ending it first. Raises `Refused` for a run that does not exist."""
        with self._lock:
            self.stop(owner, run_id)
            job = self._job(owner, run_id)
            job.reported = True
            self._queue.remove(job)

    def going(self) -> int:
        """How many runs of all learners train now."""
        with self._lock:
            return sum(job.admitted and job.run.active and not job.run.controls.paused
                       for job in self._queue)

    def touch(self, owner: str) -> None:
        """Note that the learner is still there; their runs end `abandoned_seconds` after the last call."""
        self._seen[owner] = time.monotonic()

    @property
    def seen(self) -> MutableMapping[str, float]:
        """When each owner was last seen, by `time.monotonic`; studies use it too."""
        return self._seen

    def adopt(self, old_owner: str, new_owner: str) -> None:
        """Give all runs of one owner to another: the same browser under a new key."""
        with self._lock:
            if old_owner != new_owner:
                self._queue.adopt(old_owner, new_owner)
                self._seen.pop(old_owner, None)
            self.touch(new_owner)

    def summary(self, config: RunConfig) -> list[LayerRow] | None:
        """The layer table of `config`; None while a worker computes it."""
        key = json.dumps([config.data.shape, config.output_units, config.layers()])
        return self._answers.get(key, run_tasks.summarize, encode(config))

    def found_rates(self, owner: str, config: RunConfig) -> FoundRates | Refusal | None:
        """A learning rate for `config`, and how it was found; None while `owner` waits for it."""
        return self._long.get(
            owner, ("rates", config), run_tasks.find_rate, encode(config), self._settings)

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
        return self._answers.get(key, run_tasks.augment, encode(config), draw)

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
        return self._answers.get(("model", run_id), run_tasks.save_model, encode(run.config), weights)

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
        return self._test_sets.get(run_id, run_tasks.answer_test_set, encode(run.config), weights)

    def baseline(self, owner: str, config: RunConfig, name: str) -> Fitted | Refusal | None:
        """A classical method fitted to the examples of `config`'s network; None while `owner` waits.

        Runs with the same examples share it. Raises `FieldError` for a method that this task does not have.
        """
        known = baselines_for(config.data.task)
        if name not in known:
            raise FieldError("baseline",
                             f"baseline must be one of {', '.join(known)}, got {short_repr(name)}.")
        return self._long.get(owner, (name, config.examples_key), run_tasks.fit_baseline, encode(config),
                              name)

    def baseline_place(self, config: RunConfig, name: str) -> int:
        """The place in the queue of a method that is waited for, from 1; 0 once it has had its turn."""
        return self._long.place((name, config.examples_key))

    def regions(self, owner: str, run_id: str, features: tuple[int, int]) -> None:
        """Recompute an ended run's decision regions over other columns; its evaluation changes later.

        Has no effect if there is nothing to draw. Raises `Refused` for a run that does not exist.
        """
        with self._lock:
            job = self._job(owner, run_id)
            found = job.run.history.evaluation
            if found and found.regions:
                self._ended.ask(job, "regions", tuple(features), found.regions.features)

    def maps(self, owner: str, run_id: str, example: int) -> None:
        """Look into an ended run's layers for another test example; its evaluation changes later.

        Has no effect if its weights were not kept. Raises `Refused` for a run that does not exist.
        """
        with self._lock:
            job = self._job(owner, run_id)
            found = job.run.history.evaluation
            if found and not weights_travel(job.run.config):
                self._ended.ask(job, "maps", example, found.maps.example if found.maps else None)

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
        key = "edited", run_id, run.attempt, base.step, base.loss, tuple(edits), features
        return self._answers.get(key, weight_tasks.evaluate, encode(run.config),
                                 edited(run.config, base.weights, edits), features, base.step)

    def try_it(self, owner: str, run_id: str, tried: Tried | None) -> None:
        """Ask a run's network about an input of the learner's own; None to ask nothing more.

        The answer becomes `History.tried`; only the newest question counts. Raises `FieldError` for an input
        that this network cannot be asked, `Refused` for a run that does not exist.
        """
        with self._lock:
            job = self._job(owner, run_id)
            if job.run.active:
                self.control(owner, run_id, tried=tried)
            elif tried is not None:
                self._ended.ask(job, "tried", tried, None)

    def tried_at(self, run: Run, tried: Tried) -> TriedAnswer | None:
        """What the network of an earlier moment (`Run.at`) says of an input; None while a worker computes it.

        Raises `FieldError` for an input that it cannot be asked, `ValueError` without weights.
        """
        check(tried, run.config.data)
        if run.history.weights is None or run.history.evaluation is None:
            raise ValueError("This moment has no weights.")
        step = run.history.evaluation.step
        found = self._moments_tried.get((run.id, run.attempt, step, tried), run_tasks.tried,
                                        encode(run.config), run.history.weights, tried)
        return found and replace(found, step=step)

    def close(self) -> None:
        """Stop following runs. The workers are closed separately."""
        self._dispatcher.close()

    def _resting(self) -> str | None:
        return self.placement.resting([job.run.id for job in self._queue if job.run.status == "paused"])

    def _answered(self, answer: Answer | Underway) -> None:
        if isinstance(answer, Underway):
            self._long.tell(answer.request_id, answer.progress)
            return
        asked = (self._answers, self._test_sets, self._moments_tried, self._long)
        if any(queries.take(answer.request_id, answer.value) for queries in asked):
            return
        for job in self._queue:
            self._ended.take(job, answer.request_id, answer.value)

    def _job(self, owner: str, run_id: str) -> Job:
        job = self._queue.get(run_id)
        if job is None or job.removed or job.run.owner != owner:
            raise Refused("This run no longer exists. Choose another run, or press Train.")
        return job

    def _name(self) -> str:
        return f"{self._server}-{next(self._numbers)}"
