"""`History`: everything a run recorded, built from its events."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.runs.evaluations import Evaluation, Probe, TriedAnswer
from core.runs.events import (
    Checkpoint,
    Compiled,
    EpochEnd,
    Event,
    Finished,
    LearningRate,
    MomentWeights,
    Paused,
    Progress,
    Resumed,
    Starting,
)
from core.runs.moments import Moment, Moments

Rows = list[tuple[float, ...]]
# Columns of each table of a history.
TABLES = {"steps": 4, "epochs": 5}


@dataclass
class History:
    """What a run recorded. Only `append` changes it; a later attempt continues with a `cut` of it.

    Attributes:
        steps: rows (step, epoch, loss, metric), one per `Progress`.
        epochs: rows (epoch, loss, metric, val_loss, val_metric), one per `EpochEnd`; NaN without validation.
        learning_rates: changes of the learning rate as (step, learning_rate), in order; a restart replays
            them.
        compiled, progress, evaluation, probe, finished, checkpoint: the last event of each kind; None before
            the first.
        tried: the last answer to an input of the learner's own; None without one.
        paused: whether the run waits for the learner.
        version: grows with every event.
        seconds: training time at each row of `steps`.
        starting: how far the training of the run's start is; None before, and once the run itself trains.
        moments: what was shown of it, as far back as it can be rewound.
        kept_weights: of a history `at` a moment, the weights that were kept for it, as in `Moment`.
    """

    steps: Rows = field(default_factory=list)
    epochs: Rows = field(default_factory=list)
    learning_rates: list[tuple[int, float]] = field(default_factory=list)
    compiled: Compiled | None = None
    progress: Progress | None = None
    evaluation: Evaluation | None = None
    probe: Probe | None = None
    finished: Finished | None = None
    checkpoint: Checkpoint | None = None
    tried: TriedAnswer | None = None
    paused: bool = False
    version: int = 0
    seconds: list[float] = field(default_factory=list, compare=False)
    starting: Starting | None = None
    moments: Moments = field(default_factory=Moments, repr=False, compare=False)
    kept_weights: tuple[np.ndarray, ...] | None = field(default=None, repr=False, compare=False)
    _tables: dict[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @property
    def changes(self) -> list[tuple[int, float]]:
        """What a later attempt makes again at the same steps."""
        return self.learning_rates

    @property
    def awaited(self) -> Hashable:
        """What a learner waits for while the run trains: its first point, and answers."""
        return self.progress is None, self.tried and self.tried.number

    def table(self, name: str) -> np.ndarray:
        """`steps` or `epochs` as an array, float (rows, columns).

        Charts ask for it at every update, so only rows added since the last call are converted.
        """
        rows, columns = getattr(self, name), TABLES[name]
        kept = self._tables.get(name, np.zeros((0, columns)))
        new = rows[len(kept):]
        if new:
            self._tables[name] = kept = np.concatenate([kept, np.asarray(new, dtype=float)])
        return kept

    def append(self, event: Event) -> None:
        """Record one event of any kind except `Resumed` and `Parked`."""
        _RECORD[type(event)](self, event)
        self.version += 1

    def cut(self, resumed: Resumed) -> "History":
        """This history up to where a new attempt continues; the attempt sends everything later again.

        Returns a new object, because pages may be reading this one. Learning-rate changes at the next step
        are left out too: the attempt makes them again. There is a Progress at the step of every checkpoint,
        so the next one averages over new examples only.
        """
        if resumed.step == 0:
            return History(version=self.version + 1, moments=Moments(self.moments.most_bytes))
        steps = [row for row in self.steps if row[0] <= resumed.step]
        progress, seen, probe = None, self.evaluation, self.probe
        if steps:
            step, epoch, loss, metric = steps[-1]
            progress = Progress(int(step), epoch, loss, metric, resumed.seconds, resumed.examples)
        return History(
            steps, [row for row in self.epochs if row[0] <= resumed.epochs],
            [change for change in self.learning_rates if change[0] < resumed.step], self.compiled, progress,
            seen if seen is not None and seen.step <= resumed.step else None,
            probe if probe is not None and probe.step <= resumed.step else None,
            checkpoint=self.checkpoint, version=self.version + 1, seconds=self.seconds[:len(steps)],
            moments=self.moments.cut(resumed.step))

    def at(self, moment: Moment) -> "History":
        """This history as it was at one of its moments."""
        rows, epochs = moment.rows, moment.epochs
        tables = {"steps": self.table("steps")[:rows], "epochs": self.table("epochs")[:epochs]}
        last = bool(self.moments.kept) and moment is self.moments.kept[-1]
        return History(
            self.steps[:rows], self.epochs[:epochs], self.learning_rates[:moment.rates], self.compiled,
            moment.progress, moment.evaluation, moment.probe, version=self.version,
            seconds=self.seconds[:rows], _tables=tables,
            kept_weights=self.weights if last and self.finished else moment.weights)

    @property
    def weights(self) -> tuple[np.ndarray, ...] | None:
        """The weights of what is shown, if they are known: float32, the trained ones, then the others.

        They are without the seeds of Dropout, which Keras counts among the others.
        """
        if self.finished is not None and self.finished.weights is not None:
            return tuple(array for array in self.finished.weights if np.issubdtype(array.dtype, np.floating))
        shown = self.evaluation and self.evaluation.weights
        return self.kept_weights if shown is None else shown

    def _compiled(self, event: Compiled) -> None:
        self.compiled, self.starting = event, None

    def _starting(self, event: Starting) -> None:
        self.starting = event

    def _progress(self, event: Progress) -> None:
        self.progress = event
        self.seconds.append(event.seconds)
        self.steps.append((event.step, event.epoch, event.loss, event.metric))

    def _epoch_end(self, event: EpochEnd) -> None:
        nan = float("nan")
        self.epochs.append((event.epoch, event.loss, event.metric,
                            nan if event.val_loss is None else event.val_loss,
                            nan if event.val_metric is None else event.val_metric))

    def _learning_rate(self, event: LearningRate) -> None:
        self.learning_rates.append((event.step, event.learning_rate))

    def _paused(self, event: Paused) -> None:
        self.paused = event.paused
        if event.paused:
            self.moments = self.moments.paused(event.step)

    def _checkpoint(self, event: Checkpoint) -> None:
        self.checkpoint = event

    def _evaluation(self, event: Evaluation) -> None:
        self.evaluation = event
        val_loss = self.epochs[-1][3] if self.epochs else float("nan")
        self.moments = self.moments.added(Moment(
            event, self.probe, self.progress, len(self.steps), len(self.epochs), len(self.learning_rates),
            val_loss))

    def _probe(self, event: Probe) -> None:
        self.probe = event
        self.moments = self.moments.probed(event)

    def _moment_weights(self, event: MomentWeights) -> None:
        self.moments = self.moments.weighed(event.step, event.weights)

    def _finished(self, event: Finished) -> None:
        self.finished = event

    def _tried(self, event: TriedAnswer) -> None:
        self.tried = event


_RECORD: dict[type, Any] = {
    Compiled: History._compiled, Progress: History._progress, EpochEnd: History._epoch_end,
    LearningRate: History._learning_rate, Paused: History._paused, Checkpoint: History._checkpoint,
    Evaluation: History._evaluation, Probe: History._probe, MomentWeights: History._moment_weights,
    Finished: History._finished,
    Starting: History._starting,
    TriedAnswer: History._tried,
}
