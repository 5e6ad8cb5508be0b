"""The states of members that may continue in a later round: kept in the worker, as they can be recomputed."""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.training.step_data import State
from core.training.stopping import EarlyStopping
from core.training.studies.members import Group

MOST_BYTES = 256 * 2**20
# A study asks for its next round within seconds: what nobody fetched by then belongs to one that has ended.
KEPT_SECONDS = 600.0


class _WarmState(NamedTuple):
    epoch: int
    state: State
    stopping: EarlyStopping
    left: float

    @property
    def bytes(self) -> int:
        return sum(np.asarray(array).nbytes for arrays in self.state for array in arrays)


class Standings:
    """The members of this process that wait for another round, the newest ones. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], _WarmState] = OrderedDict()

    def leave(self, study: str, group: Group, epoch: int, states: Sequence[State],
              stopping: Sequence[EarlyStopping]) -> None:
        """Keep the members of `group`, which have trained for `epoch` epochs."""
        with self._lock:
            for number, state, early in zip(group.numbers, states, stopping, strict=True):
                own = State(*([np.array(value) for value in values] for values in state))
                self._kept[study, number] = _WarmState(epoch, own, early, time.monotonic())
                self._kept.move_to_end((study, number))
            self._let_go()

    def take(self, study: str, group: Group) -> tuple[int, list[State] | None, list[EarlyStopping]]:
        """Epochs done, states and early stopping of all members; from the start if one of them is missing."""
        with self._lock:
            self._let_go()
            found = [self._kept.pop((study, number), None) for number in group.numbers]
        there = [member for member in found if member is not None]
        if len(there) < len(found) or len({member.epoch for member in there}) != 1:
            return 0, None, [EarlyStopping(config.patience) for config in group.configs]
        return (there[0].epoch, [member.state for member in there],
                [member.stopping for member in there])

    def _let_go(self) -> None:
        oldest = time.monotonic() - KEPT_SECONDS
        while self._kept and next(iter(self._kept.values())).left < oldest:
            self._kept.popitem(last=False)
        size = sum(stored.bytes for stored in self._kept.values())
        while len(self._kept) > 1 and size > MOST_BYTES:
            size -= self._kept.popitem(last=False)[1].bytes
