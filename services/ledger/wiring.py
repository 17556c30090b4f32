"""From the environment to the parts of the ledger."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from redis import Redis

from services.common import cache, flags, lifecycle
from services.common.app import create_app
from services.common.background import BackgroundLoop
from services.common.database import Database, PoolSettings
from services.common.process import Identity
from services.common.settings import Settings
from services.ledger.backlog import Backlog
from services.ledger.books import Books
from services.ledger.consumer import Consumer
from services.ledger.health_server import HealthServer
from services.ledger.stream import StreamGroup, StreamSettings
from services.ledger.tidy import EVERY_S, Tidy
from services.ledger.worker import Worker, WorkerSettings

ANY_ADDRESS = "0.0.0.0"  # noqa: S104  in the container; compose binds the port that the host publishes to loopback


@dataclass(frozen=True)
class Parts:
    """The worker, and what readiness needs to ask."""

    worker: Worker
    database: Database
    group: StreamGroup


def connect(settings: Settings) -> Parts:
    """Open what the environment names, and register it for the end of the process."""
    stream = StreamSettings(
        stream=settings.text("STREAM", "payments.events"),
        group=settings.text("GROUP", "ledger"),
        consumer=settings.text("HOSTNAME", socket.gethostname()),
    )
    database = _database(settings)
    group = StreamGroup(_redis(settings), stream)
    _repeat("backlog", Backlog(group, stream.stream).step, every=1.0)
    exactly = partial(flags.connect(settings).get_boolean_value, "exact-trim", False)
    _repeat("tidy", Tidy(group, exactly=exactly).step, every=EVERY_S)
    consumer = Consumer(
        stream=stream.stream,
        group=group,
        books=Books(database),
        most_deliveries=settings.integer("MAX_DELIVERIES", 5, low=1),
    )
    worker = WorkerSettings(
        batch=settings.integer("BATCH", 20, low=1, high=1000),
        claim_idle_ms=settings.integer("CLAIM_IDLE_MS", 15_000, low=100),
    )
    return Parts(Worker(group, consumer, worker), database, group)


def serve_health(identity: Identity, parts: Parts, settings: Settings) -> None:
    """Serve /healthz and /readyz until the end of the process."""
    checks = {"postgres": parts.database.ping, "redis": parts.group.ping, "worker": parts.worker.check}
    app = create_app(identity.service, identity.version, checks=checks)
    server = HealthServer(app, host=ANY_ADDRESS, port=settings.integer("PORT", 8080, high=65535))
    server.start()
    lifecycle.on_shutdown(server.stop)


def _redis(settings: Settings) -> Redis:
    # The timeout is longer than a read waits for messages. Untraced: a poll belongs to no request, and every message
    # has its own span. Bytes that are no text must not make reading fail: the ledger gives up that record as malformed.
    url = settings.text("REDIS_URL")
    url += ("&" if "?" in url else "?") + "encoding_errors=replace"
    client = cache.connect(url, timeout=3.0, traced=False)
    lifecycle.on_shutdown(client.close)
    return client


def _database(settings: Settings) -> Database:
    database = Database(
        settings.text("DATABASE_URL"),
        PoolSettings(
            name="ledger",
            most=settings.integer("DB_POOL_MAX", 2, low=1, high=100),
            timeout=settings.milliseconds("DB_POOL_TIMEOUT_MS", 2000),
            statement_timeout=settings.milliseconds("DB_STATEMENT_TIMEOUT_MS", 5000),
        ),
    )
    database.open()
    lifecycle.on_shutdown(database.close)
    return database


def _repeat(name: str, step: Callable[[], None], *, every: float) -> None:
    loop = BackgroundLoop(name, step, every=every)
    loop.start()
    lifecycle.on_shutdown(loop.stop)
