"""Compiles what a learner has chosen before Train is pressed: one program at a time, while nobody trains."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from core.cluster import question_tasks
from core.cluster.payload import Errand
from core.settings import Settings

# A learner who has not changed anything for this long may be about to press Train.
REST_SECONDS = 1.0
# After this long the worker counts as lost.
TIMEOUT_SECONDS = 120.0
MOST_REMEMBERED = 64


@dataclass(frozen=True)
class _Wish:
    """What a learner chose last. key: equal for configs that share a program. since: by `time.monotonic`."""

    errand: Errand
    config: Any
    key: Hashable
    since: float


class CompileAhead:
    """What the learners of this page server chose last, and what of it is compiled already.

    Call everything under the lock of the runs. What has begun is finished, and the worker keeps it.

    Args:
        ask: gives a worker a task, as `Dispatcher.ask` does.
        name: makes an id that was never used.
        resting: the worker that the next run would get; None if something trains there.
    """

    def __init__(self, ask: Callable[..., Any], name: Callable[[], str], resting: Callable[[], str | None],
                 settings: Settings):
        self._ask, self._name, self._resting, self._settings = ask, name, resting, settings
        self._wishes: OrderedDict[str, _Wish] = OrderedDict()
        self._compiled: OrderedDict[Hashable, None] = OrderedDict()
        self._future: Any = None
        self._began = 0.0

    def want(self, owner: str, config: Any, errand: Errand) -> None:
        """`owner` has chosen `config`, to be run as `errand`; what they had chosen before is forgotten."""
        key = errand.task, errand.program(config)
        before = self._wishes.pop(owner, None)
        since = before.since if before is not None and before.key == key else time.monotonic()
        self._wishes[owner] = _Wish(errand, config, key, since)
        while len(self._wishes) > MOST_REMEMBERED:
            self._wishes.popitem(last=False)

    def begin(self) -> None:
        """Begin with the oldest choice that has rested for `REST_SECONDS`, if its worker rests too."""
        now = time.monotonic()
        if self._future is not None and self._future.status == "pending" \
                and now - self._began < TIMEOUT_SECONDS:
            return
        self._future = None
        for owner, wish in list(self._wishes.items()):
            if now - wish.since < REST_SECONDS:
                continue
            address = self._resting()
            if address is None:
                return
            del self._wishes[owner]
            if (wish.key, address) not in self._compiled:
                self._future = self._ask(
                    question_tasks.compile_ahead, self._name(), wish.errand.encode(wish.config),
                    self._settings, worker=address)
                self._began = now
                self._remember((wish.key, address))
                return

    def _remember(self, key: Hashable) -> None:
        self._compiled[key] = None
        if len(self._compiled) > MOST_REMEMBERED:
            self._compiled.popitem(last=False)
