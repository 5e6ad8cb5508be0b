"""Moments: what a page showed of a run at some of its evaluations, so that it can be rewound.

A moment refers to events that exist anyway. There are at most `MOST`, thinned as the run grows: the one whose
neighbours are closest goes, however long the run is. Closeness is measured in square roots of steps: most
happens early, and a network that overfits is best there. The first, the last, the one with the lowest
validation loss and those at which the learner paused stay.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, Self, TypeVar

import numpy as np

from core.runs.evaluations import Evaluation, Probe
from core.runs.events import Progress

# Moments of a run; of these, at pauses (if there are more, the oldest pauses are thinned as well), and with
# weights that were sent for them alone.
MOST, MOST_PAUSES, MOST_WEIGHTS = 60, 20, 16
RUN_BYTES = 4 * 2**20
# What Python needs for a number in a list.
NUMBER_BYTES = 36
NO_WEIGHTS = ("The weights of this moment were not kept: a large network has them at some moments only, and "
              "one with more than 1,000,000 parameters at none.")


@dataclass(frozen=True, eq=False)
class Moment:
    """What was shown of a run at one evaluation.

    Attributes:
        evaluation: of which everything but the curves is drawn.
        probe, progress: the last ones at that time.
        rows, epochs, rates: how many rows the history's `steps`, `epochs` and `learning_rates` had.
        val_loss: of the last epoch by then; NaN without one.
        paused: whether the learner paused here.
        weights: float32, the trained ones, then the others, of a network whose evaluations do not have them;
            None if they were not kept.
    """

    evaluation: Evaluation
    probe: Probe | None = None
    progress: Progress | None = None
    rows: int = 0
    epochs: int = 0
    rates: int = 0
    val_loss: float = math.nan
    paused: bool = False
    weights: tuple[np.ndarray, ...] | None = None

    @property
    def step(self) -> int:
        return self.evaluation.step

    @cached_property
    def nbytes(self) -> int:
        """About how much memory it keeps."""
        return size_of((self.evaluation, self.probe, self.weights))


# A moment of a run of a network, or of agents: it has a `step`, and its size in bytes, `nbytes`.
Kept = TypeVar("Kept", bound=Any)


@dataclass(frozen=True, eq=False)
class KeptMoments(Generic[Kept]):
    """The moments of any run, by rising step. Every method returns new ones: pages may be reading these.

    Attributes:
        most_bytes: of all of them.
    """

    most_bytes: int = RUN_BYTES
    kept: tuple[Kept, ...] = ()

    @property
    def nbytes(self) -> int:
        return sum(moment.nbytes for moment in self.kept)

    def cut(self, step: int) -> Self:
        """Those up to `step`."""
        return replace(self, kept=tuple(moment for moment in self.kept if moment.step <= step))

    def nearest(self, step: int) -> Kept | None:
        """The moment nearest to `step`, the earlier of two; None without any."""
        return min(self.kept, key=lambda moment: abs(moment.step - step), default=None)

    def beside(self, step: int | None, forward: bool) -> Kept | None:
        """The moment after `step`, or the one before it; None beyond the last.

        step: None for what is shown now, which is the last moment.
        """
        if step is None:
            step = self.kept[-1].step if self.kept else 0
        later = [moment for moment in self.kept if moment.step > step]
        earlier = [moment for moment in self.kept if moment.step < step] or list(self.kept[:1])
        return (later[0] if later else None) if forward else (earlier[-1] if earlier else None)


@dataclass(frozen=True, eq=False)
class Moments(KeptMoments[Moment]):
    """The moments of a run of a network.

    Beyond `most_bytes` go, in this order: weights, moments, and at last those of pauses.

    Attributes:
        paused_at: the step at which the learner paused last; -1 before.
    """

    paused_at: int = -1

    def added(self, moment: Moment) -> "Moments":
        """With what is shown now; a later evaluation of the same step replaces the earlier one."""
        last = self._last(moment.step)
        moment = replace(moment, paused=moment.step == self.paused_at, weights=last and last.weights)
        kept = [*(other for other in self.kept if other.step < moment.step), moment]
        if len(kept) > MOST:
            kept.pop(_ordinary(kept))
        return replace(self, kept=tuple(kept)).within(self.most_bytes)

    def probed(self, probe: Probe) -> "Moments":
        """With a probe of the very step that was evaluated last; another belongs to the next moment."""
        return self._changed(probe.step, probe=probe)

    def paused(self, step: int) -> "Moments":
        """The learner pauses at `step`: its moment, here or still to come, stays."""
        return replace(self, paused_at=step)._changed(step, paused=True)

    def weighed(self, step: int, weights: tuple[np.ndarray, ...]) -> "Moments":
        """With the weights of the step that was evaluated last."""
        found = self._changed(step, weights=weights)
        if sum(moment.weights is not None for moment in found.kept) > MOST_WEIGHTS:
            found = found._lightened()
        return found.within(self.most_bytes)

    def within(self, most: int) -> "Moments":
        """As many as `most` bytes have room for, and at least the first, the last and the best."""
        found, size = self, self.nbytes
        while size > most and (lighter := found._lightened()) is not found:
            found, size = lighter, lighter.nbytes
        return found

    def _last(self, step: int) -> Moment | None:
        return self.kept[-1] if self.kept and self.kept[-1].step == step else None

    def _changed(self, step: int, **changes: Any) -> "Moments":
        last = self._last(step)
        return self if last is None else replace(self, kept=(*self.kept[:-1], replace(last, **changes)))

    def _lightened(self) -> "Moments":
        """Without the weights, or the moment, that is missed least; these very ones if nothing can go."""
        kept = list(self.kept)
        heavy = [place for place, moment in enumerate(kept) if moment.weights is not None]
        if heavy:
            stays = _best(kept), *_pauses(kept)
            free = [at for at, place in enumerate(heavy) if place not in stays] or range(len(heavy))
            place = heavy[crowded([kept[place].step for place in heavy], free)]
            kept[place] = replace(kept[place], weights=None)
        elif len(kept) > len(_fixed(kept)):
            kept.pop(_ordinary(kept))
        else:
            return self
        return replace(self, kept=tuple(kept))


def _ordinary(kept: Sequence[Moment]) -> int:
    """The place of the moment that is missed least."""
    stays = _fixed(kept)
    weighted = (place for place, moment in enumerate(kept) if moment.weights is not None)
    more = stays.union(_pauses(kept), weighted)
    free = [place for place in range(len(kept)) if place not in more]
    return crowded([moment.step for moment in kept],
                    free or [place for place in range(len(kept)) if place not in stays])


def _fixed(kept: Sequence[Moment]) -> set[int]:
    """Places of the first, the last and the best moment."""
    return {0, len(kept) - 1, _best(kept)}


def _best(kept: Sequence[Moment]) -> int:
    """The place of the lowest validation loss, the earliest of several; the first if there is none."""
    return min(range(len(kept)), key=lambda place: kept[place].val_loss if math.isfinite(kept[place].val_loss)
               else math.inf, default=0)


def _pauses(kept: Sequence[Moment]) -> list[int]:
    return [place for place, moment in enumerate(kept) if moment.paused][-MOST_PAUSES:]


def crowded(steps: Sequence[int], free: Iterable[int]) -> int:
    """The one of the `free` places whose neighbours are closest, the first of several; an end comes last."""
    def room(place: int) -> float:
        inside = 0 < place < len(steps) - 1
        return math.sqrt(steps[place + 1]) - math.sqrt(steps[place - 1]) if inside else math.inf

    return min(free, key=room)


def size_of(value: Any) -> int:
    """About how many bytes a part of an event keeps: above all its arrays."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, tuple):
        plain = bool(value) and isinstance(value[0], int | float)
        return NUMBER_BYTES * len(value) if plain else sum(map(size_of, value))
    return sum(map(size_of, vars(value).values())) if hasattr(value, "__dict__") else NUMBER_BYTES
