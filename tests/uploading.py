"""A page without a browser, and uploads to it: Streamlit's own protocol, as another program speaks it."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

BOUNDARY = "a-line-that-no-table-has"


class Visit:
    """An open page. session: Streamlit's name of it, which the browser knows."""

    def __init__(self, url: str, connection: ClientConnection, query: str):
        self._host, self._connection = url.removeprefix("http://"), connection
        with urlopen(f"{url}/_stcore/health") as answer:
            self._token = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
        self.run(query)
        self.session = self.until(lambda message: message.new_session.initialize.session_id)
        self.until(lambda message: message.WhichOneof("type") == "script_finished")

    def run(self, query: str) -> None:
        """Ask for a run of the page's script."""
        message = BackMsg()
        message.rerun_script.query_string = query
        self._connection.send(message.SerializeToString())

    def until(self, found: Any, seconds: float = 60.0) -> Any:
        """What `found` says of the first of the page's messages of which it says something."""
        deadline = time.monotonic() + seconds
        while True:
            data = self._connection.recv(max(0.0, deadline - time.monotonic()))
            assert isinstance(data, bytes)
            if value := found(ForwardMsg.FromString(data)):
                return value

    def upload(self, name: str, content: bytes, file: str = "file.csv") -> tuple[int, str]:
        """The status and the words by which the server answers to a file."""
        head = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="{file}"\r\n'
                "Content-Type: text/csv\r\n\r\n")
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self._ask("PUT", name, body)

    def begin(self, name: str, headers: str) -> socket.socket:
        """An upload of which nothing comes after its `headers`, lines that end alike."""
        host, port = self._host.split(":")
        begun = socket.create_connection((host, int(port)), timeout=60)
        own = "".join(f"{key}: {value}\r\n" for key, value in self._headers().items())
        begun.sendall(f"PUT /_stcore/upload_file/{self.session}/{name} HTTP/1.1\r\nHost: {self._host}\r\n"
                      f"{own}{headers}\r\n".encode())
        return begun

    def remove(self, name: str) -> tuple[int, str]:
        return self._ask("DELETE", name, b"")

    def _ask(self, method: str, name: str, body: bytes) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        try:
            connection.request(method, f"/_stcore/upload_file/{self.session}/{name}", body,
                               self._headers())
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        return {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-Xsrftoken": self._token,
                "Cookie": f"_streamlit_xsrf={self._token}"}


@contextmanager
def visit(url: str, query: str = "") -> Iterator[Visit]:
    """A page of the app at `url`, opened by a link with `query` and closed at the end."""
    own: Any = ["streamlit"]
    with connect(f"ws{url.removeprefix('http')}/_stcore/stream", max_size=2**26, max_queue=None,
                 ping_interval=None, subprotocols=own) as connection:
        yield Visit(url, connection, query)
