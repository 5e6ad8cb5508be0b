"""Contact with the workers: nothing that fails ends it, and no message comes without the lock."""

import pickle
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.cluster.connection import WorkerConnection
from core.cluster.messages import topic
from tests.core.conftest import until


class Client:
    """What the scheduler's client promises: who listens is told."""

    def __init__(self):
        self.listeners: dict[str, Callable[[tuple[float, bytes]], None]] = {}

    def subscribe_topic(self, name: str, listener: Callable[[tuple[float, bytes]], None]) -> None:
        self.listeners[name] = listener

    def say(self, server: str, message: bytes) -> None:
        self.listeners[topic(server)]((0.0, message))


class Told:
    """A contact with what it did. wrong: whether its ticks fail."""

    def __init__(self):
        self.connection = WorkerConnection("runs", "me", self.on_message, self.on_tick, self.on_disconnect)
        self.taken: list[Any] = []
        self.ticks, self.lost, self.wrong = 0, 0, False

    def locked(self) -> bool:
        """Whether the thread that asks holds the lock: another one cannot have it."""
        got: list[bool] = []
        thread = threading.Thread(target=lambda: got.append(self.connection.lock.acquire(blocking=False)))
        thread.start()
        thread.join()
        return got == [False]

    def on_message(self, message: Any) -> None:
        assert self.locked()
        self.taken.append(message.upper())

    def on_tick(self) -> None:
        self.ticks += 1
        if self.wrong:
            raise ValueError("a turn that went wrong")

    def on_disconnect(self) -> None:
        assert self.locked()
        self.lost += 1


@pytest.fixture
def told() -> Iterator[Told]:
    made = Told()
    made.connection.begin()
    yield made
    made.connection.close()


def test_a_tick_that_fails_is_logged_and_followed_by_the_next(told: Told, caplog: pytest.LogCaptureFixture):
    told.wrong, before = True, told.ticks
    until(lambda: told.ticks > before + 2)
    told.connection.close()
    assert "The runs could not be looked after" in caplog.text and "a turn that went wrong" in caplog.text


def test_a_turn_is_taken_when_it_is_woken_and_none_after_its_end(told: Told, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.cluster.connection.LOOK_SECONDS", 600.0)
    # The first ends the wait that was under way.
    for _ in range(2):
        before = told.ticks
        told.connection.wake()
        until(lambda before=before: told.ticks > before)
    told.connection.close()
    before = told.ticks
    told.connection.wake()
    time.sleep(0.1)
    assert told.ticks == before


def test_it_may_be_closed_by_its_own_tick():
    ended: list[bool] = []

    def on_tick() -> None:
        connection.close()
        ended.append(True)

    connection = WorkerConnection("runs", "me", print, on_tick, lambda: None)
    connection.begin()
    until(lambda: ended)
    connection.close()


def test_a_message_that_cannot_be_read_does_not_end_the_others(told: Told, caplog: pytest.LogCaptureFixture):
    client = Client()
    told.connection.follow(client)
    for message in (b"no pickle", pickle.dumps(3), pickle.dumps("a word")):
        client.say("me", message)
    assert told.taken == ["A WORD"]
    assert caplog.text.count("A message of a worker could not be read") == 2


def test_what_ran_is_lost_when_there_is_another_client_and_only_then(told: Told):
    first, second = Client(), Client()
    for client, lost in ((None, 0), (first, 1), (first, 1), (None, 2), (None, 2), (second, 3)):
        told.connection.follow(client)
        assert (told.connection.client, told.lost) == (client, lost)
    second.say("me", pickle.dumps("heard"))
    assert told.taken == ["HEARD"]
