"""`AgentHistory`: everything an agent's run recorded, built from its events."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.agents.events import STEP, AgentEvent, AgentProgress, AgentSnapshot, NumbersChanged
from core.agents.moments import AgentMoment, AgentMoments
from core.runs.events import Checkpoint, Compiled, Finished, Paused, Resumed

NO_EPISODES = np.zeros((0, 4), np.float32)
# As many episodes are kept of a run: beyond, the oldest go.
MOST_EPISODES = 200_000
# With this many rows of losses, neighbouring rows are merged: a run at a slow pace can last for days.
MOST_LOSSES = 2**14


@dataclass
class AgentHistory:
    """What an agent's run recorded. Only `append` changes it; a later attempt continues with a `cut` of it.

    Attributes:
        episodes: float32 (n, 4), columns AGENT, STEP, RETURN, LENGTH, in the order of their ends.
        losses: rows (step, loss, epsilon), one per AgentProgress; in a long run, one per several.
        changes: of the numbers that act at once, as (step, numbers), in order; a restart makes them again.
        compiled, progress, snapshot, finished, checkpoint: the last event of each kind; None before the
            first.
        paused: whether the run waits for the learner.
        version: grows with every event.
        moments: what was shown of it, as far back as it can be rewound.
    """

    episodes: np.ndarray = field(default_factory=lambda: NO_EPISODES)
    losses: list[tuple[float, float, float]] = field(default_factory=list)
    changes: list[tuple[int, Mapping[str, float]]] = field(default_factory=list)
    compiled: Compiled | None = None
    progress: AgentProgress | None = None
    snapshot: AgentSnapshot | None = None
    finished: Finished | None = None
    checkpoint: Checkpoint | None = None
    paused: bool = False
    version: int = 0
    moments: AgentMoments = field(default_factory=AgentMoments, repr=False, compare=False)

    @property
    def awaited(self) -> Hashable:
        """What a learner waits for while the agents learn: the first returns, and what they have learned."""
        return self.progress is None, self.snapshot is None

    def append(self, event: AgentEvent) -> None:
        """Record one event of any kind except `Resumed` and `Parked`."""
        _RECORD[type(event)](self, event)
        self.version += 1

    def cut(self, resumed: Resumed) -> "AgentHistory":
        """This history up to where a new attempt continues; the attempt sends everything later again.

        Returns a new object, because pages may be reading this one.
        """
        step = resumed.step
        if step == 0:
            return AgentHistory(version=self.version + 1, moments=AgentMoments(self.moments.most_bytes))
        moments = self.moments.cut(step)
        losses = [row for row in self.losses if row[0] <= step]
        progress = AgentProgress(step, resumed.seconds, NO_EPISODES, *(losses[-1][1:] if losses else
            (np.nan,) * 2))
        return AgentHistory(
            self.episodes[self.episodes[:, STEP] <= step], losses,
            [change for change in self.changes if change[0] < step], self.compiled, progress,
            moments.kept[-1].snapshot if moments.kept else None, checkpoint=self.checkpoint,
            version=self.version + 1, moments=moments)

    def at(self, moment: AgentMoment) -> "AgentHistory":
        """This history as it was at one of its moments."""
        losses = [row for row in self.losses if row[0] <= moment.step]
        progress = AgentProgress(moment.step, self.progress.seconds if self.progress else 0.0, NO_EPISODES,
                                 *(losses[-1][1:] if losses else (np.nan,) * 2))
        return AgentHistory(self.episodes[self.episodes[:, STEP] <= moment.step], losses,
                            self.changes[:moment.changes], self.compiled, progress, moment.snapshot,
                            version=self.version)

    def _progress(self, event: AgentProgress) -> None:
        self.progress = event
        self.losses.append((event.step, event.loss, event.epsilon))
        if len(self.losses) >= MOST_LOSSES:
            self.losses = _thinned(self.losses)
        if len(event.episodes):
            self.episodes = np.concatenate([self.episodes, event.episodes])[-MOST_EPISODES:]

    def _snapshot(self, event: AgentSnapshot) -> None:
        self.snapshot = event
        self.moments = self.moments.added(AgentMoment(event, len(self.episodes), len(self.changes)))

    def _changed(self, event: NumbersChanged) -> None:
        self.changes.append((event.step, event.numbers))

    def _compiled(self, event: Compiled) -> None:
        self.compiled = event

    def _paused(self, event: Paused) -> None:
        self.paused = event.paused

    def _checkpoint(self, event: Checkpoint) -> None:
        self.checkpoint = event

    def _finished(self, event: Finished) -> None:
        self.finished = event


def _thinned(rows: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """At most half of `MOST_LOSSES` rows, evenly over the steps.

    Each is the mean of the losses that are numbers, at the last step that it stands for.
    """
    table = np.array(rows, float)
    parts = table[:, 0] * (MOST_LOSSES // 2) // (table[-1, 0] + 1)
    starts = np.unique(parts, return_index=True)[1]
    last = np.append(starts[1:], len(table)) - 1
    there = ~np.isnan(table[:, 1])
    counts = np.add.reduceat(there.astype(int), starts)
    sums = np.add.reduceat(np.where(there, table[:, 1], 0.0), starts)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return list(zip(table[last, 0].tolist(), means.tolist(), table[last, 2].tolist(), strict=True))


_RECORD: dict[type, Any] = {
    AgentProgress: AgentHistory._progress, AgentSnapshot: AgentHistory._snapshot,
    NumbersChanged: AgentHistory._changed, Compiled: AgentHistory._compiled, Paused: AgentHistory._paused,
    Checkpoint: AgentHistory._checkpoint, Finished: AgentHistory._finished}
