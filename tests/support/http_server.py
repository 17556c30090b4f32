"""A real HTTP server on loopback that replies with recorded answers and keeps what it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    """By their names in lower case."""
    body: str = ""


@dataclass
class RecordedServer:
    """Answers by path; `answers[path] = (status, body)`, a body that is not a string is sent as JSON.

    One that can be called makes the body for a request.
    """

    url: str = ""
    answers: dict[str, tuple[int, object]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    """What every answer has."""

    def reply(self, path: str, body: object, status: int = 200) -> None:
        self.answers[path] = (status, body)

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0


@contextmanager
def serving() -> Iterator[RecordedServer]:
    recorded = RecordedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(body, body)

        def _answer(self, query: str, body: str = "") -> None:
            path = urlsplit(self.path).path
            params = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
            sent = {name.lower(): value for name, value in self.headers.items()}
            recorded.requests.append(Request(self.command, path, params, sent, body))
            status, answer = recorded.answers.get(path, (404, "404 page not found\n"))
            answer = answer(recorded.requests[-1]) if callable(answer) else answer
            payload = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(status)
            for name, value in recorded.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:  # the test's output stays quiet
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    recorded.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield recorded
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
