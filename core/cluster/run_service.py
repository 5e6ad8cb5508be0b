"""RunService: everything the pages can ask of runs, from submit to stop."""

import itertools
import json
import uuid
from collections.abc import Callable, Hashable, MutableMapping, Sequence
from dataclasses import replace

from core.catalog.layers.counting import parameters
from core.cluster import run_tasks
from core.cluster.compile_ahead import CompileAhead
from core.cluster.dispatcher import Dispatcher
from core.cluster.ended_queries import EndedRunQueries
from core.cluster.job import Job
from core.cluster.messages import Answer, Underway
from core.cluster.network_questions import NetworkQuestions
from core.cluster.own_runs import OwnRuns, SharedCluster
from core.cluster.payload import Errand, encode, table_of
from core.cluster.placement import Placement
from core.cluster.queue import Queue, Refused
from core.cluster.workers import Workers
from core.datasets import available
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.dense_steps import weights_travel
from core.runs.history import History
from core.runs.moments import Moments
from core.runs.program_key import program_key
from core.runs.run import Run
from core.runs.tried import Tried
from core.settings import Settings

__all__ = ["Refused", "RunService"]


def _program(config: RunConfig) -> Hashable:
    return json.dumps(program_key(config)), config.examples_key, config.batch_size


ERRAND = Errand(run_tasks.train, encode, _program)


class RunService(OwnRuns[Run]):
    """All runs of networks of this page server; each owner sees only their own. Thread-safe.

    questions: answers about networks.

    Args:
        train: the task that trains, with the arguments of `core.cluster.run_tasks.train`.
        ended: receives each run that has ended, unless it was removed; it must not wait.
    """

    def __init__(self, workers: Workers, settings: Settings, train: Callable[..., None] = run_tasks.train,
                 ended: Callable[[Run], None] = lambda run: None):
        self.placement, self._settings, seen = Placement(), settings, dict[str, float]()
        self._server, self._numbers = uuid.uuid4().hex, itertools.count(1)
        ahead = CompileAhead(lambda *task, **to: self._dispatcher.ask(*task, **to), self._name,
                             self._resting, settings)
        queue = Queue(settings, self.placement)
        dispatcher = Dispatcher(self._server, workers, settings, queue, self.placement, self._answered, seen,
                                ended, ahead.begin)
        dispatcher.errands[Run] = ERRAND._replace(task=train)
        super().__init__(Run, SharedCluster(queue, dispatcher, self.placement, seen, self._name, ahead))
        self._ended = EndedRunQueries(self._dispatcher.ask, self._name)
        self.questions = NetworkQuestions(self._dispatcher.ask, self._dispatcher.end, self._name, self._lock,
                                          self._job, settings)

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
        controls = replace(controls or Controls(), paused=begins_paused, stopped=False, learning_rate=None)
        history = History(moments=Moments(self._settings.max_moment_bytes_per_run))
        run = Run(self._name(), owner, config, 0, controls, begins_paused=begins_paused, history=history,
                  table=table_of(config))
        return self._accept(Job(run, replay=tuple(replay), parameters=count, host=host))

    def expect(self, owner: str, config: RunConfig) -> None:
        """Note that `owner` may soon train `config`: it is compiled ahead while nobody trains."""
        count = parameters(config.entries(), config.data.shape, config.output_units)
        # A start is another training, and data that is not here would have to be downloaded.
        if self._settings.warm_up and config.start is None and count <= self._settings.max_parameters \
                and available(config.dataset):
            self._compile_ahead(owner, config)

    def reopen(self, run: Run) -> None:
        """Take an ended run from the store among those of its owner, unless it is there already."""
        with self._lock:
            if not run.active and self._queue.get(run.id) is None:
                self._queue.add(Job(run, reported=True))

    @property
    def seen(self) -> MutableMapping[str, float]:
        """When each owner was last seen, by `time.monotonic`; studies use it too."""
        return self.shared.seen

    def adopt(self, old_owner: str, new_owner: str) -> None:
        """Give all runs of one owner to another: the same browser under a new key."""
        with self._lock:
            if old_owner != new_owner:
                self._queue.adopt(old_owner, new_owner)
                self.seen.pop(old_owner, None)
            self.touch(new_owner)

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

    def try_it(self, owner: str, run_id: str, tried: Tried | None) -> None:
        """Ask a run's network about an input of the learner's own; None to ask nothing more.

        The answer becomes `History.tried`; only the newest question counts. A run that gave up its place is
        asked like an ended one. Raises `FieldError` for an input
        that this network cannot be asked, `Refused` for a run that does not exist.
        """
        with self._lock:
            job = self._job(owner, run_id)
            if job.run.active and not job.idle:
                self.control(owner, run_id, tried=tried)
            elif tried is not None:
                self._ended.ask(job, "tried", tried, None)

    def close(self) -> None:
        """Stop following runs. The workers are closed separately."""
        self._dispatcher.close()

    def _resting(self) -> str | None:
        return self.placement.resting([job.run.id for job in self._queue if job.run.status == "paused"])

    def _answered(self, answer: Answer | Underway) -> None:
        if self.questions.take(answer) or isinstance(answer, Underway):
            return
        for job in [job for job in self._queue if isinstance(job.run, Run)]:
            if self._ended.take(job, answer.request_id, answer.value):
                self._dispatcher.tell(job.run.owner)

    def _name(self) -> str:
        return f"{self._server}-{next(self._numbers)}"
