"""The moments of an agent's run: snapshots, so that the page can go back to earlier policies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.agents.events import AgentSnapshot
from core.runs.moments import MOST, KeptMoments, crowded, size_of


@dataclass(frozen=True, eq=False)
class AgentMoment:
    """What was shown of an agent's run at one snapshot.

    Attributes:
        snapshot: of which all but the returns is drawn.
        rows: how many episodes had ended.
        changes: how many changes of the numbers had been made.
    """

    snapshot: AgentSnapshot
    rows: int = 0
    changes: int = 0

    @property
    def step(self) -> int:
        return self.snapshot.step

    @cached_property
    def nbytes(self) -> int:
        return size_of(self.snapshot)


@dataclass(frozen=True, eq=False)
class AgentMoments(KeptMoments[AgentMoment]):
    """The moments of a run of agents; thinned where they are closest, see `core.runs.moments`."""

    def added(self, moment: AgentMoment) -> "AgentMoments":
        """With what is shown now; a later snapshot of the same step replaces the earlier one."""
        kept = [*(other for other in self.kept if other.step < moment.step), moment]
        if len(kept) > MOST:
            kept.pop(_missed_least(kept))
        return replace(self, kept=tuple(kept)).within(self.most_bytes)

    def within(self, most: int) -> "AgentMoments":
        """As many as `most` bytes have room for, and at least the first and the last."""
        kept = list(self.kept)
        size = self.nbytes
        while size > most and len(kept) > 2:
            size -= kept.pop(_missed_least(kept)).nbytes
        return replace(self, kept=tuple(kept))


def _missed_least(kept: Sequence[AgentMoment]) -> int:
    return crowded([moment.step for moment in kept], range(1, len(kept) - 1))
