"""Questions about ended runs, such as decision regions over other columns: one of a kind at a time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from core.cluster import run_tasks
from core.cluster.job import AskedAgain, Job, changed_controls
from core.cluster.payload import encode

# By the field of the evaluation: the control that says what is wanted, and the task that answers.
KINDS: dict[str, tuple[str, Callable[..., None]]] = {
    "regions": ("features", run_tasks.regions), "maps": ("example", run_tasks.maps)}


class EndedRunQueries:
    """Asks workers about ended runs whose weights were kept, and puts the answers into their histories.

    Args:
        ask: gives a worker a task, as `Dispatcher.ask` does.
        name: makes an id that was never used.
    """

    def __init__(self, ask: Callable[..., Any], name: Callable[[], str]):
        self._ask, self._name = ask, name

    def ask(self, job: Job, kind: str, wanted: Any, shown: Any) -> None:
        """Ask, unless the answer is `shown` already. While a question waits, only the newest one counts.

        Raises `FieldError` for something that the run does not have.
        """
        control, task = KINDS[kind]
        waiting, finished = job.asked.get(kind), job.run.history.finished
        waits = waiting is not None and waiting.future.status == "pending"
        if finished is None or finished.weights is None \
                or wanted == (getattr(job.run.controls, control) if waits else shown):
            return
        controls = changed_controls(job.run, {control: wanted})
        if not waits:
            request_id = self._name()
            future = self._ask(task, request_id, encode(job.run.config), finished.weights, wanted)
            if future is None:
                return
            job.asked[kind] = AskedAgain(request_id, future, wanted)
        job.run.controls = controls

    def take(self, job: Job, request_id: str, value: Any) -> None:
        """Take the answer to a question about this run, if it is one, and ask what was wanted meanwhile."""
        kind = next((kind for kind, asked in job.asked.items() if asked.request_id == request_id), None)
        evaluation = job.run.history.evaluation
        if kind is None or evaluation is None:
            return
        asked = job.asked.pop(kind)
        if value is not None:
            job.run.history.append(replace(evaluation, **{kind: value}))
        self.ask(job, kind, getattr(job.run.controls, KINDS[kind][0]), asked.wanted)
