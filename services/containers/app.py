"""The WSGI application: three paths, without a framework, which would only take memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from threading import Lock
from typing import Any

from services.containers import exposition
from services.containers.collector import Collector

Answer = tuple[HTTPStatus, str, str]
"""Status, content type, body."""
JSON = "application/json"
PROBLEM = "application/problem+json"


class Application:
    """Answers /metrics, /healthz and /readyz."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Serve one request, as WSGI asks."""
        status, content_type, text = self._answer(environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/"))
        body = text.encode()
        headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "GET, HEAD"))
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, method: str, path: str) -> Answer:
        if path not in ("/metrics", "/healthz", "/readyz"):
            return _problem(HTTPStatus.NOT_FOUND)
        if method not in ("GET", "HEAD"):
            return _problem(HTTPStatus.METHOD_NOT_ALLOWED)
        if path == "/healthz":
            return HTTPStatus.OK, JSON, '{"status": "ok"}'
        # The collector remembers processes between two looks, so only one look may run at a time.
        with self._lock:
            looked = self._collector.collect()
        if path == "/metrics":
            return HTTPStatus.OK, exposition.CONTENT_TYPE, exposition.render(looked, self._collector.host_cpu())
        # Ready means that the kernel's figures can be read: this exporter itself is one of the lab's containers.
        if any("container_processes" in values for _, values in looked):
            return HTTPStatus.OK, JSON, '{"status": "ready"}'
        return _problem(HTTPStatus.SERVICE_UNAVAILABLE)


def _problem(status: HTTPStatus) -> Answer:
    return status, PROBLEM, json.dumps({"type": "about:blank", "title": status.phrase, "status": status.value})
