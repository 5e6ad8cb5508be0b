"""train: trains the members of a group, as a generator of events."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.datasets import Split
from core.metrics import guessing
from core.settings import Settings
from core.studies.events import GroupBegan, GroupEnded, GroupEpochs, GroupEvent, GroupJudged
from core.studies.study import DIVERGED, FINISHED, STOPPED, TRAINING, Member
from core.training import reconstructing
from core.training.snapshot import RunState
from core.training.studies.autotune import way_for
from core.training.studies.beginning import begin_together
from core.training.studies.members import Group, batches, build_group
from core.training.studies.strategies import GroupAnswers
from core.training.studies.warm_states import Standings

# Seconds that a call should take: how soon a stop is noticed, and how often there is news.
CALL_SECONDS = 0.12
# A training step of those sums, then validation's: loss, metric, examples.
_SUMS, _SEEN = [0, 1, 3, 4], [2, 2, 5, 5]


def train(study: str, members: Mapping[int, Member], epochs: int, settings: Settings,
          stopped: Callable[[], bool], standings: Standings) -> Generator[GroupEvent, None, None]:
    """Train `members`, all of one structure, to the end of epoch `epochs`; the last event is `GroupEnded`.

    members: by their numbers in the study. If `standings` has all of them from an earlier round of `study`,
    they continue from there; otherwise all start again, which gives the same curves. Raises
    `limits.OverBudget`, `FieldError`, `DatasetUnavailable`.
    """
    for batch in batches(members):
        group = build_group({number: members[number] for number in batch})
        yield from _GroupTraining(study, group, epochs, settings, stopped, standings).events()
        if stopped():
            break
    yield GroupEnded()


class _GroupTraining:
    """One batch under way. epoch: how many are over."""

    def __init__(self, study: str, group: Group, epochs: int, settings: Settings,
                 stopped: Callable[[], bool], standings: Standings):
        began = time.monotonic()
        self.study, self.group, self.stopped, self.standings = study, group, stopped, standings
        self.epoch, states, self.stopping = standings.take(study, group)
        self.last = min(epochs, group.configs[0].epochs)
        self.name, self.way = way_for(group, settings, states)
        self.sums = np.zeros((len(group), 6), np.float32)
        self.position, self.window = self.epoch * group.plan.items, -1
        if group.configs[0].start is not None:
            self._go_on(begin_together(group, self.way, settings, stopped), states is None)
        self.count, self.seconds = 1, 0.0
        self.status = np.array([FINISHED if early.over else TRAINING for early in self.stopping], np.int8)
        self.compile_seconds = time.monotonic() - began

    def _go_on(self, begun: Sequence[RunState] | None, new: bool) -> None:
        """Where the members begin that have a start. new: whether they are at their beginning."""
        if begun is None:  # stopped meanwhile
            return
        place = begun[0].place
        self.group = self.way.group = replace(self.group, origin=place.origin)
        if new:
            self.way.replace([member.state for member in begun])
            self.sums = np.stack([np.asarray(member.sums, np.float32) for member in begun])
        self.position = place.position if new else (place.origin + self.epoch) * self.group.plan.items

    def events(self) -> Iterator[GroupEvent]:
        yield GroupBegan(self.compile_seconds, self.name)
        plan, whole = self.group.plan, self.group.configs[0].epochs
        while self.epoch < self.last and (self.status == TRAINING).any() and not self.stopped():
            rows = self._call(plan.items * (self.group.origin + self.last))
            if rows is not None:
                yield rows
        if self.stopped() and self.epoch < self.last:
            self.status[self.status == TRAINING] = STOPPED
            yield self._event(np.full((len(self.group), 0, 4), np.nan, np.float32), self.epoch + 1)
            return
        if self.last < whole:
            self.standings.leave(self.study, self.group, self.epoch, self.way.member_states(), self.stopping)
            return
        self.status[self.status == TRAINING] = FINISHED
        yield self._event(np.full((len(self.group), 0, 4), np.nan, np.float32), self.epoch + 1)
        yield self._judged()

    def _call(self, end: int) -> GroupEpochs | None:
        """Run some items, within a window; returns the epochs that they completed."""
        plan = self.group.plan
        window, first = divmod(self.position, plan.window * plan.items)
        if window != self.window:
            self.way.open(window * plan.window)
            self.window = window
        count = min(self.count, plan.window * plan.items - first, end - self.position)
        if any(early.patience for early in self.stopping):
            count = min(count, plan.items - self.position % plan.items)
        began = time.monotonic()
        self.sums, rows = self.way.run(first, count, self.sums)
        took = time.monotonic() - began
        self.seconds += took
        # At most twice as many as before: the first call of a program is slower than the rest.
        self.count = max(1, round(count * min(2.0, CALL_SECONDS / max(took, 1e-6))))
        self.position += count
        before, self.epoch = self.epoch, self.position // plan.items - self.group.origin
        if self.epoch == before:
            return None
        start = before + self.group.origin - window * plan.window
        return self._epochs(rows[:, start:start + self.epoch - before], before)

    def _epochs(self, sums: np.ndarray, before: int) -> GroupEpochs:
        """Means of the epochs from `before` on, (members, epochs, 6); ends the members that must end."""
        with np.errstate(divide="ignore", invalid="ignore"):
            rows = (sums[..., _SUMS] / sums[..., _SEEN]).astype(np.float32)
        rows[~np.isfinite(rows)] = np.nan
        rows[self.status != TRAINING] = np.nan
        for lane in np.flatnonzero(self.status == TRAINING):
            lost = np.flatnonzero(np.isnan(rows[lane, :, 0]))
            if len(lost):
                rows[lane, lost[0]:] = np.nan
                self.status[lane] = DIVERGED
        if any(early.patience for early in self.stopping):
            self._look(rows[:, -1, 2])
        return self._event(rows, before + 1)

    def _look(self, losses: np.ndarray) -> None:
        """Early stopping, for each member separately."""
        states: list[Any] = []

        def weights(lane: int) -> list[np.ndarray]:
            if not states:
                states.extend(self.way.member_states())
            return [np.array(value) for value in (*states[lane].trainable, *states[lane].non_trainable)]

        for lane in map(int, np.flatnonzero(self.status == TRAINING)):
            loss = float(losses[lane])
            self.stopping[lane].see(self.epoch, None if np.isnan(loss) else loss,
                                    lambda lane=lane: weights(lane))
            if self.stopping[lane].over:
                self.status[lane] = FINISHED

    def _event(self, rows: np.ndarray, first: int) -> GroupEpochs:
        seconds, self.seconds = self.seconds, 0.0
        return GroupEpochs(np.array(self.group.numbers, np.int32), first, rows, self.status.copy(), seconds)

    def _judged(self) -> GroupJudged:
        self._take_best()
        splits, numbers = self.group.splits, np.array(self.group.numbers, np.int32)
        tested = self.way.answers([split.x_test for split in splits], [split.y_test for split in splits])
        found = [_score(self.group, answers, split.x_test, split.y_test, split)
                 for answers, split in zip(tested, splits, strict=True)]
        classes, matrices = len(self.group.configs[0].data.classes), None
        if classes:
            matrices = np.zeros((len(numbers), classes, classes), np.int32)
        if matrices is not None and self.group.plan.validation:
            validated = self.way.answers([split.x_validation for split in splits],
                                         [split.y_validation for split in splits])
            for matrix, answers, split in zip(matrices, validated, splits, strict=True):
                np.add.at(matrix, (split.y_validation, answers.outputs.argmax(1)), 1)
        losses, metrics = np.array(found, np.float32).T
        return GroupJudged(numbers, losses, metrics, matrices, self._tested(tested))

    def _tested(self, tested: Sequence[GroupAnswers]) -> dict[int, np.ndarray]:
        """The confusion matrices on the test set of the members that have a threshold."""
        found, group = {}, self.group
        for number, threshold, answers, split in zip(group.numbers, group.thresholds, tested, group.splits,
                                                     strict=True):
            if threshold is not None:
                found[number] = _matrix(answers.outputs, split.y_test, threshold)
        return found

    def _take_best(self) -> None:
        """Restore the weights that early stopping kept."""
        if not any(early.weights for early in self.stopping):
            return
        states = self.way.member_states()
        for lane, early in enumerate(self.stopping):
            if early.weights:
                count = len(states[lane].trainable)
                states[lane] = states[lane]._replace(trainable=early.weights[:count],
                                                     non_trainable=early.weights[count:])
        self.way.replace(states)


def _matrix(outputs: np.ndarray, y: np.ndarray, threshold: float) -> np.ndarray:
    """int32 (classes, classes), where the last class is predicted from `threshold` on."""
    last = outputs.shape[1] - 1
    predicted = np.where(outputs[:, last] >= threshold, last, outputs[:, :last].argmax(1))
    matrix = np.zeros((last + 1, last + 1), np.int32)
    np.add.at(matrix, (y, predicted), 1)
    return matrix


def _score(group: Group, answers: GroupAnswers, x: np.ndarray, y: np.ndarray,
           split: Split) -> tuple[float, float]:
    """The mean loss, and the task's metric: accuracy, absolute error in the target's own units, or error."""
    if group.configs[0].data.reconstructs:
        off = reconstructing.squares(reconstructing.inputs(split, x), answers.outputs)
        counted = reconstructing.normal(group.configs[0].data, y)
        return float(answers.losses[counted].mean()), float(reconstructing.errors(off)[counted].mean())
    if group.configs[0].data.guesses:
        return float(answers.losses.mean()), float(guessing.right(answers.outputs, y).mean())
    if split.target_deviation is None:
        return float(answers.losses.mean()), float((answers.outputs.argmax(1) == y).mean())
    return (float(answers.losses.mean()),
            float((np.abs(answers.outputs - y) * split.target_deviation).mean()))
