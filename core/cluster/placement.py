"""Which workers a run or a group of a study may use. After a worker is lost, its runs continue one by one.

Pure bookkeeping without Dask, shared by runs and studies. Thread-safe; takes no other lock while it holds its
own.
"""

import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

# How long a run that has to be alone waits for an empty worker. Then one is emptied, if there is another.
EMPTY_SECONDS = 30.0


@dataclass(frozen=True)
class TakenPlace:
    """Where something trains.

    Attributes:
        address: of its worker.
        host: the client's address it counts for.
    """

    address: str
    host: str = ""


class Placement:
    """Who trains where. After a worker is lost, its runs continue one at a time, each alone in a worker.

    As long as any of them are left, one worker is reserved for them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: dict[str, int] = {}
        self._gone: set[str] = set()
        self._places: dict[str, TakenPlace] = {}
        self._alone: set[str] = set()
        self._kept: str | None = None
        self._since: float | None = None

    def look(self, workers: Mapping[str, int] | None) -> None:
        """Update which workers there are: address to number of threads; None while nobody knows."""
        with self._lock:
            known = dict(workers or {})
            self._gone &= set(known)
            self._workers = {address: threads for address, threads in known.items()
                             if address not in self._gone}
            self._keep()

    def worker_gone(self, address: str) -> None:
        """Note that a worker is gone, even if `look` still lists it for a moment."""
        with self._lock:
            self._gone.add(address)
            self._workers.pop(address, None)

    def open(self, name: str) -> dict[str, int]:
        """The workers that `name` may use now, with their threads."""
        with self._lock:
            if name not in self._alone:
                return {address: threads for address, threads in self._workers.items()
                        if address != self._kept}
            return {address: threads for address, threads in self._workers.items()
                    if address == self._kept and not self._at(address)}

    def enter(self, name: str, address: str, host: str = "") -> None:
        """`name` has a place from now on."""
        with self._lock:
            self._places[name] = TakenPlace(address, host)

    def leave(self, name: str) -> None:
        """`name` has no place any more."""
        with self._lock:
            self._places.pop(name, None)

    def forget(self, name: str) -> None:
        """`name` has ended."""
        self.leave(name)
        self.passed(name)

    def isolate(self, name: str) -> None:
        """`name` has to be alone in a worker until `passed` is called."""
        with self._lock:
            self._alone.add(name)
            self._keep()

    def passed(self, name: str) -> None:
        """`name` no longer has to be alone."""
        with self._lock:
            self._alone.discard(name)
            self._keep()

    def in_the_way(self, name: str) -> bool:
        """Whether `name` has to leave its place so that another run can be alone there."""
        with self._lock:
            place = self._places.get(name)
            return place is not None and place.address == self._kept and name not in self._alone

    def resting(self, paused: Collection[str]) -> str | None:
        """The worker with the fewest places taken, if only the `paused` have places there; else None."""
        with self._lock:
            able = [address for address in self._workers if address != self._kept]
            address = min(able, key=lambda address: (len(self._at(address)), address), default=None)
            return address if address is not None and set(self._at(address)) <= set(paused) else None

    @property
    def trying(self) -> bool:
        """Whether any run has to be alone."""
        return bool(self._alone)

    def held(self, host: str) -> int:
        """How many places the client's address `host` has."""
        with self._lock:
            return sum(place.host == host for place in self._places.values())

    def _at(self, address: str) -> list[str]:
        return [name for name, place in self._places.items() if place.address == address]

    def _keep(self) -> None:
        """Reserve a worker: an empty one, or after `EMPTY_SECONDS` the one with the fewest runs."""
        if not self._alone or self._kept not in self._workers:
            self._kept = None
        if not self._alone or self._kept is not None:
            self._since = None
            return
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        least = min(self._workers, key=lambda address: (len(self._at(address)), address), default=None)
        if least is not None and (not self._at(least) or now - self._since > EMPTY_SECONDS):
            self._kept, self._since = least, None
