"""The application: its parts, and the routes that it answers."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Sequence

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from services.common import problem
from services.common.watched_file import WatchedFile
from services.telemetry.counters import Counters
from services.telemetry.fog.exposed import Exposed
from services.telemetry.fog.level import CLEAR, Level, in_force, parse
from services.telemetry.fog.stage import FogStage
from services.telemetry.forward import Forwarder
from services.telemetry.gate import Gate
from services.telemetry.jaeger import routes as jaeger
from services.telemetry.loki import drilldown_routes, index_routes, tail
from services.telemetry.loki import routes as loki
from services.telemetry.metrics import exposition
from services.telemetry.metrics.family import Family
from services.telemetry.metrics.own import Own
from services.telemetry.metrics.registry import Registry
from services.telemetry.otlp import routes as otlp
from services.telemetry.pipeline import Stage, chain
from services.telemetry.settings import Settings
from services.telemetry.store.reader import Reader
from services.telemetry.store.writer import Writer

log = logging.getLogger(__name__)


class Telemetry:
    """What lives as long as the process: the store's writer, the forwarder, the registry and the counters."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.counts = Counters()
        self.registry = Registry(settings.instance_ttl_seconds)
        self._level = WatchedFile(settings.fog_file, parse, CLEAR) if settings.fog_file else None
        self.fog = FogStage(self.level, self.counts)
        self._exposed = Exposed(self.registry, self.level)
        self.writer = Writer(settings, self.counts)
        self.forwarder = Forwarder(
            settings.forward_endpoint, settings.forward_headers, settings.queue_max_bytes, self.counts
        )
        self.reader = Reader(settings.store_path, settings.query_seconds)
        self.gate = Gate(running=settings.heavy_queries, waiting=settings.heavy_waiting)

    def level(self) -> Level:
        """Return the level of fog in force."""
        return self._level.read() if self._level else CLEAR

    def families(self, exemplars: bool) -> Iterable[tuple[Family, str]]:
        """Return the instances' metrics, then telemetry's own."""
        yield from self._exposed.families(exemplars=exemplars)
        own = Own(self.counts, self.settings.service_version, self.settings.instance)
        yield from own.counts()
        instances, series = self.registry.sizes()
        yield own.gauge("telemetry_instances", "Instances that export metrics now.", instances)
        yield own.gauge("telemetry_series", "Series kept for them.", series)
        yield own.gauge("telemetry_store_size_bytes", "What spans and logs take in the store.", self.writer.used_bytes)
        yield own.gauge(
            "telemetry_store_disk_full",
            "1 while the disk has no room for all that may be kept.",
            int(self.writer.disk_is_full),
        )
        yield own.gauge("telemetry_store_queue_bytes", "What waits to be written.", self.writer.waiting_bytes)

    def close(self) -> None:
        """Write and send what waits."""
        self.writer.close()
        self.forwarder.close()


def create_app(settings: Settings, stages: Sequence[Stage] = ()) -> Flask:
    """Make the application; `extensions["telemetry"]` has to be closed at the end."""
    app = Flask(__name__)
    telemetry = app.extensions["telemetry"] = Telemetry(settings)
    receiver = otlp.Receiver(chain([*stages, telemetry.fog]), telemetry.registry, telemetry.writer, telemetry.counts)
    app.register_blueprint(otlp.blueprint(receiver, telemetry.forwarder, telemetry.counts, settings.max_body_bytes))
    app.register_blueprint(exposition.blueprint(telemetry.families))
    app.register_blueprint(jaeger.blueprint(telemetry.reader, telemetry.gate))
    logs = loki.blueprint(telemetry.reader, telemetry.gate, settings.service_version)
    index_routes.add(logs, telemetry.reader)
    drilldown_routes.add(logs, telemetry.reader, telemetry.gate)
    tail.add(logs, telemetry.reader)
    app.register_blueprint(logs)
    _questions_only(app, str(settings.query_port))
    _health(app, telemetry)
    _configuration(app, telemetry)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(sqlite3.Error, _store_error)
    return app


def _questions_only(app: Flask, port: str) -> None:
    """Refuse telemetry on the port that a lab publishes: what it shows is what its services sent."""

    @app.before_request
    def refuse() -> Response | None:
        # The server's own port, which no header of a request can change.
        if request.environ["SERVER_PORT"] == port and request.path.startswith("/v1/"):
            return problem.plain(404, "this port answers questions; services send their telemetry to another")
        return None


def _health(app: Flask, telemetry: Telemetry) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> Response:
        if not telemetry.writer.alive:
            return problem.plain(503, "the store's writer has ended")
        with telemetry.reader.open() as (connection, _):
            connection.execute("SELECT 1 FROM spans LIMIT 1").fetchall()
        return jsonify(status="ready")

    @app.get("/ready")
    def ready() -> Response:
        """Loki's own."""
        return Response("ready\n", content_type="text/plain; charset=utf-8")


def _configuration(app: Flask, telemetry: Telemetry) -> None:
    @app.get("/config")
    def config() -> Response:
        """Tell how much is kept: who reads metrics, traces and logs has to know what they can't show."""
        return jsonify(in_force(telemetry.level()))


def _http_error(error: HTTPException) -> Response:
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return problem.plain(error.code or 500, error.description or "", headers=headers)


def _store_error(error: sqlite3.Error) -> Response:
    log.error("the store cannot be read: %s", error)
    return problem.plain(503, "the store cannot be read now", headers={"Retry-After": "1"})
