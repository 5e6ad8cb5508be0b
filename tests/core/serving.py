"""Files on a server of this machine, to be downloaded from there."""

import http.server
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def serving(files: Mapping[str, bytes], broken_off: Collection[str] = ()) -> Iterator[str]:
    """The address of a server of `files`, by their paths. broken_off: promised whole, and sent by half."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = files.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:len(body) // 2] if self.path in broken_off else body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
