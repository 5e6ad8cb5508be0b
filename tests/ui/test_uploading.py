"""Limits of uploads, as they hold where the app runs as an ordinary script."""

from dataclasses import replace

import pytest
from starlette.exceptions import HTTPException
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core.settings import from_environment
from ui import uploading


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """A guarded one: 3 files and 100 bytes a session, 5 files and 180 bytes in all."""
    made = MemoryUploadedFileManager("/files")
    limits = replace(from_environment(), max_uploads_per_session=3, max_upload_bytes_per_session=100,
                     max_uploads=5, max_upload_bytes=180)
    for name, value in (("_manager", lambda: made), ("_limits", lambda: limits), ("_served", False),
                        ("_tell", lambda session, words: None)):
        monkeypatch.setattr(uploading, name, value)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    uploading.guard()
    uploading.guard()
    return made


def upload(manager: MemoryUploadedFileManager, session: str, name: str, size: int) -> None:
    manager.add_file(session, UploadedFileRec(name, "", "text/csv", b"x" * size))


@pytest.mark.parametrize("kept, size, words", [
    ([("a", 10), ("a", 10), ("a", 10)], 1, "3 files already"),
    ([("a", 60)], 41, "this page would take"),
    ([("b", 10), ("b", 10), ("b", 10), ("c", 10), ("c", 10)], 1, "of all learners"),
    ([("b", 90), ("c", 60)], 31, "of all learners"),
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
    monkeypatch.setattr(uploading, "_coming", {"a": [70], "b": [90]})
    assert uploading.refusal("a", 20) == "" and "this page" in uploading.refusal("a", 31)
    assert "of all learners" in uploading.refusal("c", 21)
