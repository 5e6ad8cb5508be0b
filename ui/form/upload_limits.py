"""Limits on uploads: checked before the server keeps a byte, and files forgotten once they are read.

Streamlit keeps a session's uploads in memory until the session ends, and accepts any number of files, so
anyone with a page open could fill the server's memory. `Limited` runs before the server's own upload handler.
Where the app runs as an ordinary script, nothing can run there, and `guard` refuses a file after it has
arrived, before it is kept.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from core.formatting import amount
from core.settings import Settings, from_environment

# The path in `streamlit.web.server.starlette.starlette_routes`, after whatever path the app is served under.
_PATH = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+/?$")
# Bytes that a request contains besides its file.
_AROUND = 2**20
# An upload reserves room for all of its bytes, so it may not take for ever.
_MOST_SECONDS = 60.0
# Refusals to show on pages; limited in number, because a page that was closed never asks for its own.
_MOST_TOLD = 1000

# Bytes of the uploads that are on their way, by session; and why the last one of a session was refused.
_coming: dict[str, list[int]] = defaultdict(list)
_refused: dict[str, str] = {}
_served = False


class Limited:
    """The server with a limit on uploads. `app` handles everything else, and whatever is within the limit."""

    def __init__(self, app: ASGIApp):
        global _served
        _served = True
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _PATH.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        size = _size(Request(scope)) if found else None
        # Without a page, or if the file alone is too large, the server itself refuses.
        if found is None or size is None or not _is_open(found[1]):
            await self._app(scope, receive, send)
            return
        session, answered = found[1], False

        async def answer(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        limit = asyncio.timeout(_MOST_SECONDS)
        try:
            async with limit:
                await self._take(session, size, scope, receive, answer)
        except ClientDisconnect:
            pass  # nobody waits for an answer
        except TimeoutError:
            if not limit.expired():
                raise
            slow = f"The upload took longer than {_MOST_SECONDS:.0f} seconds, which is the limit. Try again."
            _tell(session, slow)
            if not answered:
                await PlainTextResponse(slow, 408, {"Connection": "close"})(scope, receive, send)

    async def _take(self, session: str, size: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand an upload of at most `size` bytes to the server, or refuse it."""
        if refused := refusal(session, size):
            # A client that is still sending hears no answer.
            rest = size
            async for part in Request(scope, receive).stream():
                rest -= len(part)
                if rest < 0:
                    break
            _tell(session, refused)
            await PlainTextResponse(refused, 429)(scope, receive, send)
            return
        with _room(session, size):
            await self._app(scope, _counted(receive, size), send)


def guard() -> None:
    """Limit uploads if `Limited` does not run in front of the server. Costs nothing the second time."""
    if _served or not runtime.exists():
        return
    manager = _manager()
    if "add_file" in vars(manager):
        return
    keep = manager.add_file

    def add_file(session_id: str, file: UploadedFileRec) -> None:
        if file.data and (refused := refusal(session_id, _weight(file))):
            _tell(session_id, refused)
            raise HTTPException(429, refused)
        keep(session_id, file)

    manager.add_file = add_file


def read(file: UploadedFile) -> bytes:
    """The uploaded file. The server then keeps only its name, since nobody reads it twice."""
    content, context = file.getvalue(), get_script_run_ctx()
    if context is not None:
        manager: Any = context.uploaded_file_mgr
        manager.add_file(context.session_id, UploadedFileRec(file.file_id, file.name, file.type, b""))
    file.seek(0)
    file.truncate()
    return content


def told() -> str:
    """Why this page's last upload was refused, or empty; returned once."""
    context = get_script_run_ctx()
    return _refused.pop(context.session_id, "") if context else ""


def refusal(session: str, size: int) -> str:
    """Why a session may not upload a file of this many bytes now; empty if it may."""
    limits, own = _limits(), _held(session)
    most = limits.max_upload_bytes_per_session
    if len(own) >= limits.max_uploads_per_session and _forgot_one(session):
        own = _held(session)
    if len(own) >= limits.max_uploads_per_session:
        return (f"This page has uploaded {amount(len(own), 'file')} already, which is the limit. Remove one "
                "of them, or reload the page, then upload again.")
    if sum(own) + size > most:
        return (f"With this file, the uploads of this page would take {_mb(sum(own) + size)} MB, and the "
                f"most is {_mb(most)} MB. Remove a file, or reload the page, then upload again.")
    everything = [upload_size for name in {*_manager().file_storage, *_coming} for upload_size in _held(name)]
    if len(everything) >= limits.max_uploads or sum(everything) + size > limits.max_upload_bytes:
        return ("The server cannot hold any more uploaded files at the moment. Try again in a few minutes.")
    return ""


def _forgot_one(session: str) -> bool:
    """Make room for one more file of a session; False if none of its files has been read."""
    files = list(_manager().file_storage.get(session, {}).values())
    empty = next((file for file in files if not file.data), None)
    if empty is not None:
        _manager().remove_file(session, empty.file_id)
    return empty is not None


def _held(session: str) -> list[int]:
    """Bytes of each of a session's uploads, those on their way included."""
    files = list(_manager().file_storage.get(session, {}).values())
    return [*map(_weight, files), *_coming.get(session, [])]


@contextmanager
def _room(session: str, size: int) -> Iterator[None]:
    """Reserve room for an upload that is on its way."""
    _coming[session].append(size)
    try:
        yield
    finally:
        _coming[session].remove(size)
        if not _coming[session]:
            del _coming[session]


def _counted(receive: Receive, size: int) -> Receive:
    """The same request, refused once more than `size` bytes have arrived."""
    rest = size

    async def counted() -> Message:
        nonlocal rest
        message = await receive()
        rest -= len(message.get("body", b""))
        if rest < 0:
            raise HTTPException(413, "The file is larger than its request says.")
        return message

    return counted


def _manager() -> Any:
    """Streamlit's store of uploaded files."""
    return runtime.get_instance().uploaded_file_mgr


def _is_open(session: str) -> bool:
    """Whether a page with this session is open."""
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def _weight(file: UploadedFileRec) -> int:
    """The bytes of a file including its name, which may be as long as the file."""
    return len(file.data) + 4 * len(file.name)


def _size(request: Request) -> int | None:
    """The size of a request in bytes, or the most allowed if it does not say; None if it is too large."""
    most = config.get_option("server.maxUploadSize") * 2**20
    text = request.headers.get("content-length", "")
    # A request that comes in chunks may say a length too, but it does not count (RFC 9112, 6.3).
    if not text or "transfer-encoding" in request.headers:
        return most + _AROUND
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= most else None


def _tell(session: str, words: str) -> None:
    """Make the page show why its upload was refused, because the browser only shows a number."""
    page: Any = runtime.get_instance().get_app_session(session)
    if page is None or _refused.get(session) == words:
        return
    if len(_refused) >= _MOST_TOLD:
        _refused.clear()
    _refused[session] = words
    # With what the browser said last, as Streamlit does when a source file has changed. Before the end of the
    # first run that is nothing, and without its address the page would open with the defaults.
    if page._client_state.page_script_hash:
        page.request_rerun(page._client_state)


def _mb(size: int) -> str:
    return f"{size / 2**20:.1f}"


# The server's first upload may come before its workers have started.
@lru_cache(maxsize=1)
def _limits() -> Settings:
    return from_environment()
