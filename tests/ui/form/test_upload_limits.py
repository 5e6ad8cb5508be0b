"""Limits of uploads: where the app runs as an ordinary script, and in front of the server."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core.settings import from_environment
from ui.form import upload_limits


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """A guarded one: 3 files and 100 bytes a session, 5 files and 180 bytes in all."""
    made = MemoryUploadedFileManager("/files")
    limits = replace(from_environment(), max_uploads_per_session=3, max_upload_bytes_per_session=100,
                     max_uploads=5, max_upload_bytes=180)
    for name, value in (("_manager", lambda: made), ("_limits", lambda: limits), ("_served", False),
                        ("_tell", lambda session, words: None)):
        monkeypatch.setattr(upload_limits, name, value)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    upload_limits.guard()
    upload_limits.guard()
    return made


def upload(manager: MemoryUploadedFileManager, session: str, name: str, size: int) -> None:
    manager.add_file(session, UploadedFileRec(name, "", "text/csv", b"x" * size))


@pytest.mark.parametrize("kept, size, words", [
    ([("a", 10), ("a", 10), ("a", 10)], 1, "3 files already"),
    ([("a", 60)], 41, "this page would take"),
    ([("b", 10), ("b", 10), ("b", 10), ("c", 10), ("c", 10)], 1, "cannot hold any more"),
    ([("b", 90), ("c", 60)], 31, "cannot hold any more"),
    ([("a", 60), ("b", 50), ("c", 30)], 40, "")])
def test_an_upload_is_within_the_limits_or_refused_before_it_is_kept(manager, kept, size, words):
    for number, (session, each) in enumerate(kept):
        upload(manager, session, str(number), each)
    if not words:
        upload(manager, "a", "new", size)
        assert manager.get_files("a", ["new"])
        return
    with pytest.raises(HTTPException, match=words):
        upload(manager, "a", "new", size)
    assert not manager.get_files("a", ["new"])


def test_a_file_that_was_read_makes_room(manager: MemoryUploadedFileManager):
    for name in "012":
        upload(manager, "a", name, 20)
    upload(manager, "a", "1", 0)  # as `read` leaves it
    upload(manager, "a", "3", 60)
    assert [file.file_id for file in manager.get_files("a", ["0", "1", "2", "3"])] == ["0", "2", "3"]


def test_one_that_is_on_its_way_counts(manager: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(upload_limits, "_coming", {"a": [70], "b": [90]})
    assert upload_limits.refusal("a", 20) == "" and "this page" in upload_limits.refusal("a", 31)
    assert "cannot hold any more" in upload_limits.refusal("c", 21)

PATH = "/_stcore/upload_file/a/new"


async def take(request: Request) -> Response:
    """The server's own upload."""
    await request.body()
    return Response(status_code=204)


def put(parts: Sequence[bytes | None], headers: dict[str, str]) -> int | None:
    """The status by which a request is answered, None if not at all. A part None: the client left."""
    app = Starlette(routes=[Route(PATH, take, methods=["PUT"])],
                    middleware=[Middleware(upload_limits.Limited)])
    coming, answers = list(parts), []

    async def receive() -> Message:
        if not coming:  # the client stays, and sends no more
            await asyncio.get_running_loop().create_future()
        body = coming.pop(0)
        return {"type": "http.disconnect"} if body is None else {
            "type": "http.request", "body": body, "more_body": not body.endswith(b".")}

    async def send(message: Message) -> None:
        answers.append(message)

    async def ask() -> None:
        async with asyncio.timeout(30):
            await app({"type": "http", "method": "PUT", "path": PATH, "query_string": b"", "headers": [
                (name.encode(), value.encode()) for name, value in headers.items()]}, receive, send)

    asyncio.run(ask())
    return answers[0]["status"] if answers else None


@pytest.mark.parametrize("parts, headers, status", [
    ([b"12345", b"6789."], {"content-length": "10"}, 204),
    ([b"12345", b"6789."], {"content-length": "101"}, 429),
    # Without a length that counts, it is taken for the longest.
    ([b"12345", b"6789."], {"content-length": "10", "transfer-encoding": "chunked"}, 429),
    ([b"12345", b"67890", b"."], {"content-length": "10"}, 413),
    # One that stops on its way, and one whose client leaves.
    ([b"12345"], {"content-length": "10"}, 408),
    ([b"12345"], {"content-length": "101"}, 408),
    ([b"12345", None], {"content-length": "10"}, None),
    ([b"12345", None], {"content-length": "101"}, None)])
def test_a_request_is_counted_as_what_may_come_and_holds_room_for_so_long(parts, headers, status, manager,
                                                                         monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(upload_limits, "_is_open", lambda session: True)
    monkeypatch.setattr(upload_limits, "_MOST_SECONDS", 0.2 if status == 408 else 60.0)
    assert put(parts, headers) == status
    assert not upload_limits._coming
