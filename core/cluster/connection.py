"""The page server's connection to the workers: messages come in, tasks go out.

Messages from the workers arrive on the Dask client's thread. A separate thread submits tasks and frees them.
Both of these, and the threads of the pages, share one lock, which is never held while waiting for Dask.
"""

import logging
import pickle
import threading
from collections.abc import Callable
from typing import Any

from core.cluster.messages import topic

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25


class WorkerConnection:
    """Listens to the workers, and calls `on_tick` regularly from a thread of its own.

    Args:
        name: of the thread; the log uses it too.
        server: the page server's name, to which workers address their messages.
        on_message: handles one message; called under `lock`.
        on_tick: does what there is to do; called every `LOOK_SECONDS`, or at once after `wake`.
        on_disconnect: gives up what ran under a client that is no longer followed; called under `lock`.
    """

    def __init__(self, name: str, server: str, on_message: Callable[[Any], None], on_tick: Callable[[], None],
                 on_disconnect: Callable[[], None]):
        self.lock = threading.RLock()
        self.client: Any = None
        self._name, self._server = name, server
        self._on_message, self._on_tick, self._on_disconnect = on_message, on_tick, on_disconnect
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Call `on_tick` now instead of soon."""
        self._wake.set()

    def close(self) -> None:
        """Stop the thread."""
        self._closed.set()
        self._wake.set()
        if self._thread is not threading.current_thread():
            self._thread.join(5)

    def follow(self, client: Any) -> None:
        """Listen to `client`; if it is a new one, what ran under the old one is lost."""
        if client is self.client:
            return
        if client is not None:
            client.subscribe_topic(topic(self._server), self._receive)
        with self.lock:
            self.client = client
            self._on_disconnect()

    def _receive(self, event: tuple[float, bytes]) -> None:
        """Handle one message from a worker. An error here must not end the connection."""
        try:
            message = pickle.loads(event[1])
            with self.lock:
                self._on_message(message)
        except Exception:
            log.exception("A message of a worker could not be read")

    def _watch(self) -> None:
        while not self._closed.is_set():
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            try:
                self._on_tick()
            except Exception:
                log.exception("The %s could not be looked after", self._name)
