"""The moments of an agent's run: snapshots, so that the page can go back to earlier policies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.agents.events import AgentSnapshot
from core.runs.moments import MOST, RUN_BYTES, crowded, size_of


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
class AgentMoments:
    """The moments of an agent's run, by rising step; thinned where they are closest, see `core.runs.moments`.

    Every method returns new ones: pages may be reading these.
    """

    most_bytes: int = RUN_BYTES
    kept: tuple[AgentMoment, ...] = ()

    @property
    def nbytes(self) -> int:
        return sum(moment.nbytes for moment in self.kept)

    def added(self, moment: AgentMoment) -> "AgentMoments":
        """With what is shown now; a later snapshot of the same step replaces the earlier one."""
        kept = [*(other for other in self.kept if other.step < moment.step), moment]
        if len(kept) > MOST:
            kept.pop(_missed_least(kept))
        return replace(self, kept=tuple(kept)).within(self.most_bytes)

    def cut(self, step: int) -> "AgentMoments":
        """Those up to `step`."""
        return replace(self, kept=tuple(moment for moment in self.kept if moment.step <= step))

    def within(self, most: int) -> "AgentMoments":
        """As many as `most` bytes have room for, and at least the first and the last."""
        kept = list(self.kept)
        size = self.nbytes
        while size > most and len(kept) > 2:
            size -= kept.pop(_missed_least(kept)).nbytes
        return replace(self, kept=tuple(kept))

    def nearest(self, step: int) -> AgentMoment | None:
        """The moment nearest to `step`, the earlier of two; None without any."""
        return min(self.kept, key=lambda moment: abs(moment.step - step), default=None)

    def beside(self, step: int | None, forward: bool) -> AgentMoment | None:
        """The moment after `step`, or the one before it; None beyond the last. step: None for now."""
        at = (self.kept[-1].step if self.kept else 0) if step is None else step
        later = [moment for moment in self.kept if moment.step > at]
        earlier = [moment for moment in self.kept if moment.step < at] or list(self.kept[:1])
        return (later[0] if later else None) if forward else (earlier[-1] if earlier else None)


def _missed_least(kept: Sequence[AgentMoment]) -> int:
    return crowded([moment.step for moment in kept], range(1, len(kept) - 1))
