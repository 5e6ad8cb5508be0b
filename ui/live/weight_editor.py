"""`WeightEditor`: weights of the shown run that a learner set by hand on one page, and what they changed."""

import threading
from collections.abc import Hashable, Mapping
from typing import Any

from core.cluster.network_questions import NetworkQuestions
from core.cluster.queries import Refusal
from core.cluster.run_service import Refused
from core.errors import UserError
from core.runs.evaluations import Evaluation
from core.runs.run import ENDED, Run
from core.runs.weight_edits import Edit, EditedWeights, checked_edits

Question = tuple[tuple[Edit, ...], tuple[int, int]]  # edits, and the two features that regions are drawn over
MOST_TURNS = 2**53  # the last whole number that a browser counts exactly


class NotEditable(UserError):
    """Weights of a run that trains, or that did not come home, cannot be set."""


class WeightEditor:
    """Holds the edits of one page. They belong to one evaluation of one run, and are gone with the next.

    The page's script and the stream's threads use the same one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: Hashable = None
        self._edits: tuple[Edit, ...] = ()
        self._turn = 0
        # What was asked last, what was answered last, and that answer.
        self._asked: Question | None = None
        self._answered: Question | None = None
        self._answer: Evaluation | Refusal | None = None

    def put(self, run: Run | None, value: Any) -> None:
        """Take all edits from a browser: `{"edits": [[name, index, value], ...], "turn": n}`.

        turn: counts the browser's changes; the page sends it back, so that the browser knows which of its
        changes the server has seen. Raises `UserError` for what is refused; then the edits stay as they were.
        """
        if not isinstance(value, Mapping) or not _is_turn(value.get("turn")):
            return
        with self._lock:
            self._turn = value["turn"]
            base = editable(run)
            if run is None or base is None:
                raise NotEditable("The weights can be edited while the run is paused, rewound or over.")
            edits = checked_edits(run.config, value.get("edits"))
            self._begin(_name(run, base))
            self._edits = edits

    def drop(self) -> None:
        """The run goes on with its own weights."""
        with self._lock:
            self._begin(None)

    def view(self, run: Run | None, questions: NetworkQuestions, trainable: bool = False) -> EditedWeights:
        """What to show; asks a worker about the newest edits, unless it is still busy with earlier ones."""
        base = editable(run)
        with self._lock:
            if run is None or base is None:
                self._begin(None)
                return EditedWeights(turn=self._turn)
            self._begin(_name(run, base))
            if self._edits:
                self._ask(run, base, questions)
            answer = self._answer if self._edits else None
            problem = answer.message if isinstance(answer, Refusal) else ""
            return EditedWeights(True, self._edits, self._turn,
                                 answer if isinstance(answer, Evaluation) else None, problem, trainable)

    def evaluation(self, run: Run) -> Evaluation | None:
        """What `run` says of the test set with the edits, as far as it was answered; None without edits."""
        base = editable(run)
        with self._lock:
            own = base is not None and self._edits and self._of == _name(run, base)
            return self._answer if own and isinstance(self._answer, Evaluation) else None

    def edits(self, run: Run | None) -> tuple[Edit, ...]:
        """What was set of the weights of `run`, as the stage shows it; () if nothing was."""
        base = editable(run)
        with self._lock:
            own = run is not None and base is not None and self._of == _name(run, base)
            return self._edits if own else ()

    @property
    def waiting(self) -> bool:
        """Whether a worker is still to answer."""
        answered = self._answered
        return bool(self._edits) and (answered is None or answered[0] != self._edits)

    def _ask(self, run: Run, base: Evaluation, questions: NetworkQuestions) -> None:
        wanted = self._edits, run.controls.features
        asked = self._asked or wanted
        try:
            for question in dict.fromkeys((asked, wanted)):
                found = questions.evaluated(run.owner, run.id, base, *question)
                self._asked = question
                if found is None:
                    return
                self._answered, self._answer = question, found
        except Refused:  # the run was forgotten meanwhile
            self._begin(None)

    def _begin(self, name: Hashable) -> None:
        if name != self._of:
            self._of, self._edits = name, ()
            self._asked = self._answered = self._answer = None


def editable(run: Run | None) -> Evaluation | None:
    """The evaluation whose weights can be edited now; None if none can."""
    found = run.history.evaluation if run else None
    if run is None or found is None or found.weights is None:
        return None
    rests = run.rewound or run.status in ENDED or (run.status == "paused" and run.controls.paused)
    return found if rests else None


def _name(run: Run, base: Evaluation) -> Hashable:
    return run.id, run.attempt, base.step, base.loss


def _is_turn(turn: Any) -> bool:
    return isinstance(turn, int) and not isinstance(turn, bool) and 0 <= turn <= MOST_TURNS
