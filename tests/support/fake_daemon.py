"""A Docker daemon at a socket: it answers the questions that labctl asks, of what a test says is there."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from labctl.docker.docker import PROJECT_LABEL, SERVICE_LABEL, Container

Filters = dict[str, list[str]]
VERSION, API_VERSION = "20.10.24", "1.41"


class MissingError(Exception):
    """What was asked for is not there."""


@dataclass
class FakeDaemon:
    """What is there, and what was asked. `fails` is an HTTP status and what the daemon says with it."""

    path: Path = Path()
    """Its socket."""
    containers: dict[str, Container] = field(default_factory=dict)
    """By id, oldest first."""
    helpers: dict[str, str] = field(default_factory=dict)
    """Containers that belong to no project, by id: the label that they have, as name=value."""
    ports: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """What is published of every container, as docker says it: {"8080/tcp": [{"HostIp": …, "HostPort": …}]}."""
    images: Callable[[], dict[str, str]] = dict
    """By tag: the id."""
    networks: dict[str, str] = field(default_factory=dict)
    """By id: the label."""
    subnets: dict[str, str] = field(default_factory=dict)
    """By a network's id."""
    volumes: dict[str, str] = field(default_factory=dict)
    """By name: the label."""
    written: list[tuple[int, str]] = field(default_factory=list)
    """What containers wrote: 1 for standard output, 2 for standard error."""
    requests: list[str] = field(default_factory=list)
    used: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By container: bytes of memory, and seconds of CPU in a second."""
    fails: tuple[int, str] | None = None
    opened: list[socket.socket] = field(default_factory=list)
    """The connections, those that were closed too."""

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def hang_up(self) -> None:
        """End every connection, as a daemon does that ends."""
        for each in self.opened:
            if each.fileno() >= 0:
                each.shutdown(socket.SHUT_RDWR)

    def answer(self, path: str, query: dict[str, str]) -> object:  # noqa: PLR0911 - a question a line
        """Return the answer to a GET, as Docker's documents have it, or bytes. Raises MissingError."""
        self.requests.append(path)
        filters: Filters = json.loads(query.get("filters", "{}"))
        match path.removeprefix(f"/v{API_VERSION}").strip("/").split("/"):
            case ["version"]:
                return {"Version": VERSION, "ApiVersion": API_VERSION}
            case ["info"]:
                return {"DockerRootDir": "/var/lib/docker", "NCPU": 2, "MemTotal": 24 * 10**9}
            case ["containers", "json"]:
                return self._listed(filters)
            case ["containers", name, "json"]:
                return self._container(name)
            case ["containers", name, "logs"]:
                return self._logs(name, int(query["tail"]))
            case ["containers", name, "stats"]:
                return self._statistics(name)
            case ["images", "json"]:
                return self._images(filters["reference"])
            case ["images", *name, "json"]:
                return {"Id": _found(self.images(), "/".join(name), "image")}
            case ["networks"]:
                return self._networks(filters)
            case ["volumes"]:
                return {"Volumes": [{"Name": each} for each in _with(self.volumes, filters["label"])] or None}
        raise AssertionError(f"labctl asks Docker what no test foresees: {path}")

    def _listed(self, filters: Filters) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for one in self.containers.values():
            labels = {PROJECT_LABEL: one.project, SERVICE_LABEL: one.service}
            row = {"Id": one.id, "Names": [f"/linked/{one.name}", f"/{one.name}"], "Labels": labels}
            rows.append({**row, "Image": one.image, "ImageID": self.images().get(one.image, ""), "State": one.state})
        for each, label in self.helpers.items():
            name, _, value = label.partition("=")
            rows.append({"Id": each, "Names": [f"/{each}"], "Labels": {name: value}, "Image": "i", "State": "exited"})
        return [row for row in reversed(rows) if all(_has(row["Labels"], each) for each in filters["label"])]

    def _networks(self, filters: Filters) -> list[dict[str, object]]:
        found = _with(self.networks, filters["label"]) if filters else {**self.networks, **self.subnets}
        given = {each: [{"Subnet": self.subnets[each], "Gateway": "g"}] for each in found if each in self.subnets}
        return [{"Id": each, "IPAM": {"Driver": "default", "Config": given.get(each, [])}} for each in found]

    def _container(self, name: str) -> dict[str, Any]:
        state = _found(self.containers, name, "container").state
        return {
            "Id": name,
            "Config": {"Tty": False},
            "RestartCount": int(state == "restarting"),
            "State": {"Status": state, "Running": state == "running", "ExitCode": 3},
            "NetworkSettings": {"Ports": self.ports},
        }

    def _statistics(self, name: str) -> dict[str, Any]:
        _found(self.containers, name, "container")
        memory, cpu_s = self.used.get(name, (10e6, 0.1))
        return {
            "preread": "2026-11-30T20:00:01.123456789Z",
            "read": "2026-11-30T20:00:02.123456789Z",
            "precpu_stats": {"cpu_usage": {"total_usage": 10**9}},
            "cpu_stats": {"cpu_usage": {"total_usage": int((1 + cpu_s) * 1e9)}},
            "memory_stats": {"usage": memory * 3, "stats": {"anon": int(memory), "shmem": 0, "file": 1}},
        }

    def _logs(self, name: str, tail: int) -> bytes:
        written = self.written or [(1, f"the last words of {_found(self.containers, name, 'container').service}\n")]
        frames = ((stream, text.encode()) for stream, text in written[-tail:])
        return b"".join(bytes([stream, 0, 0, 0]) + len(text).to_bytes(4, "big") + text for stream, text in frames)

    def _images(self, patterns: list[str]) -> list[dict[str, object]]:
        tags: dict[str, list[str]] = {}
        for tag, image in self.images().items():
            if any(fnmatch(tag.rpartition(":")[0], pattern) for pattern in patterns):
                tags.setdefault(image, []).append(tag)
        return [{"Id": image, "RepoTags": names} for image, names in tags.items()]


def _has(labels: object, wanted: str) -> bool:
    assert isinstance(labels, dict)
    name, _, value = wanted.partition("=")
    return name in labels and value in ("", labels[name])


def _with(labelled: dict[str, str], wanted: list[str]) -> list[str]:
    return [each for each, label in labelled.items() if label in wanted]


def _found(known: dict[str, Any], name: str, kind: str) -> Any:
    if name not in known:
        raise MissingError(f"No such {kind}: {name}")
    return known[name]


def use_context(folder: Path, name: str, host: str) -> None:
    """Write a client's settings (what DOCKER_CONFIG names) whose context in use has its daemon at `host`."""
    meta = folder / "contexts" / "meta" / sha256(name.encode()).hexdigest()
    meta.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"currentContext": name}))
    endpoints = {"docker": {"Host": host, "SkipTLSVerify": False}}
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": endpoints}))


@contextmanager
def running() -> Iterator[FakeDaemon]:
    """Run a daemon; its socket is in a short folder, since the name of a socket may not be long."""
    daemon = FakeDaemon()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            daemon.opened.append(self.connection)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            try:
                status, said = daemon.fails or (200, "")
                answer = {"message": said} if daemon.fails else daemon.answer(unquote(parts.path), query)
            except MissingError as error:
                status, answer = 404, {"message": str(error)}
            payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:  # the test's output stays quiet
            pass

    with TemporaryDirectory(prefix="daemon-") as folder:
        daemon.path = Path(folder) / "s"
        with _Server(str(daemon.path), Handler) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield daemon
            finally:
                server.shutdown()
                thread.join()


class _Server(ThreadingUnixStreamServer):
    daemon_threads = True  # a client keeps its connection: nobody waits for its end
