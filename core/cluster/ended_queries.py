"""Questions about runs that are in no worker, ended or parked, such as decision regions over other columns.

One of a kind is asked at a time.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from core.cluster import question_tasks
from core.cluster.job import AskedAgain, Job
from core.cluster.payload import encode
from core.runs.evaluations import Evaluation
from core.runs.events import Event


class Kind(NamedTuple):
    """A kind of question.

    Attributes:
        control: says what is wanted.
        task: answers.
        event: what the history records, from its last evaluation and the answer.
    """

    control: str
    task: Callable[..., None]
    event: Callable[[Evaluation, Any], Event]


KINDS: dict[str, Kind] = {
    "regions": Kind("features", question_tasks.regions, lambda last, found: replace(last, regions=found)),
    "maps": Kind("example", question_tasks.maps, lambda last, found: replace(last, maps=found)),
    "tried": Kind("tried", question_tasks.tried, lambda last, found: replace(found, step=last.step))}


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
        control, task, _ = KINDS[kind]
        waiting, finished = job.asked.get(kind), job.run.history.finished or job.ending
        waits = waiting is not None and waiting.future.status == "pending"
        if finished is None or finished.weights is None \
                or wanted == (getattr(job.run.controls, control) if waits else shown):
            return
        controls = job.run.steered({control: wanted})
        if not waits:
            request_id = self._name()
            future = self._ask(task, request_id, encode(job.run.config), finished.weights, wanted)
            if future is None:
                return
            job.asked[kind] = AskedAgain(request_id, future, wanted)
        job.run.controls = controls

    def take(self, job: Job, request_id: str, value: Any) -> bool:
        """Take the answer to a question about this run, if it is one, and ask what was wanted meanwhile.

        Returns whether it is one.
        """
        kind = next((kind for kind, asked in job.asked.items() if asked.request_id == request_id), None)
        evaluation = job.run.history.evaluation
        if kind is None or evaluation is None:
            return False
        asked = job.asked.pop(kind)
        if value is not None:
            job.run.history.append(KINDS[kind].event(evaluation, value))
        wanted = getattr(job.run.controls, KINDS[kind].control)
        if wanted is not None:
            self.ask(job, kind, wanted, asked.wanted)
        return True
