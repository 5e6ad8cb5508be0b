"""Anybody with an open page can send files to the server, as many as they like."""

import time
from contextlib import ExitStack

import psutil

from tests.server import PATIENCE, Server
from tests.uploading import Visit, visit

FILE = b"a,b\n" + b"1,2\n" * ((5 * 2**20 - 2**12) // 4)


def memory(server: Server) -> float:
    """MB of the server's own process."""
    return psutil.Process(server.process.pid).memory_info().rss / 2**20


def test_one_page_holds_few_files(server: Server):
    with visit(server.url, "dataset=table") as page:
        before = memory(server)
        answers = [page.upload(f"file-{number}", FILE) for number in range(60)]
        assert [status for status, _ in answers] == [204] * 4 + [429] * 56
        assert "4 files already" in answers[-1][1]
        assert memory(server) - before < 100, "60 files have 300 MB"
        # The browser shows a number alone, so the page says it in words.
        page.until(lambda message: "4 files already" in message.delta.new_element.alert.body)
        page.remove("file-0")
        assert page.upload("another", b"a,b\n1,2\n")[0] == 204


def test_all_pages_together_hold_so_many_bytes(server: Server):
    with ExitStack() as stack:
        pages = [stack.enter_context(visit(server.url)) for _ in range(14)]
        before = memory(server)
        answers = [page.upload(f"file-{number}", FILE) for page in pages for number in range(4)]
        kept = sum(status == 204 for status, _ in answers)
        assert 44 <= kept <= 51, "256 MB, a few of which may be of a page that was closed just now"
        assert all("cannot hold any more" in words for status, words in answers if status != 204)
        assert memory(server) - before < 350


def until(page: Visit, status: int) -> None:
    """Upload again and again, until the server answers so."""
    deadline = time.monotonic() + PATIENCE
    while page.upload("file", FILE)[0] != status:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_length_that_does_not_count_holds_no_less_than_others_and_only_while_it_comes(server: Server):
    with ExitStack() as stack:
        page, *pages = [stack.enter_context(visit(server.url)) for _ in range(13)]
        begun = [page.begin(f"file-{number}", "Content-Length: 10\r\nTransfer-Encoding: chunked\r\n")
                 for page in pages for number in range(4)]
        until(page, 429)
        # Some of them were taken, some refused.
        for one in begun:
            one.close()
        until(page, 204)
    assert "ClientDisconnect" not in server.log.read_text()
