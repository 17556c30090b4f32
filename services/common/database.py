"""Postgres through a bounded pool: every wait has a limit, every statement a span, a metric and a trace comment.

    DatabaseError                  the database did not do what was asked
    ├── PoolTimeoutError           no connection came free in time
    ├── QueryTimeoutError          the statement ran into its timeout and was cancelled
    └── DatabaseUnavailableError   no connection, or it was lost

Constraint violations and other errors of a statement come as psycopg's own.
"""

from __future__ import annotations

import logging
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from services.common import deadline, instruments
from services.common.statement import Session
from services.common.tracing import tracer

NOTICEABLE_WAIT_S = 0.001

_log = logging.getLogger(__name__)


class DatabaseError(Exception):
    """The database did not do what was asked."""


class PoolTimeoutError(DatabaseError):
    """No connection came free in time."""


class QueryTimeoutError(DatabaseError):
    """The statement ran into its timeout and was cancelled."""


class DatabaseUnavailableError(DatabaseError):
    """There is no connection, or it was lost."""


@dataclass(frozen=True)
class PoolSettings:
    """A pool's name (as pg_stat_activity and metrics show it), its size, and its limits in seconds."""

    name: str
    most: int
    timeout: float
    statement_timeout: float | None = None
    least: int = 1


class Database:
    """A bounded pool of connections to one database."""

    def __init__(self, url: str, settings: PoolSettings) -> None:
        self._name = settings.name
        self._timeout = settings.timeout
        self._pool: ConnectionPool[Connection[DictRow]] = ConnectionPool(
            url,
            open=False,
            name=settings.name,
            min_size=min(settings.least, settings.most),
            max_size=settings.most,
            timeout=settings.timeout,
            reconnect_timeout=30,
            check=_check,
            kwargs=connection_arguments(settings.name, settings.statement_timeout),
        )
        instruments.pool_sizes[settings.name] = self._sizes

    def open(self) -> None:
        """Start connecting in the background; the first statements wait for it within their timeout."""
        self._pool.open(wait=False)

    def close(self) -> None:
        """Close the pool and its connections."""
        instruments.pool_sizes.pop(self._name, None)
        self._pool.close(timeout=2)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a connection on which every statement is a transaction of its own."""
        with translated_errors():
            connection = self._take()
            try:
                yield Session(connection)
            finally:
                self._pool.putconn(connection)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Lend a connection with a transaction: committed at the end, rolled back on any exception."""
        with self.session() as session, session.transaction():
            yield session

    def ping(self) -> None:
        """Raise DatabaseError when the database does not answer."""
        with self.session() as session:
            session.connection.execute("SELECT 1")

    def _take(self) -> Connection[DictRow]:
        started = time.time_ns()
        clock = time.perf_counter()
        try:
            return self._pool.getconn(timeout=deadline.within(self._timeout))
        except (PoolTimeout, PoolClosed) as error:
            instruments.pool_timeouts.add(1, {"pool.name": self._name})
            _log.warning("no connection came free in time", extra={"pool": self._name, **self._waiting()})
            raise PoolTimeoutError(f"no connection of pool '{self._name}' came free in time") from error
        finally:
            waited = time.perf_counter() - clock
            instruments.pool_wait.record(waited, {"pool.name": self._name})
            if waited >= NOTICEABLE_WAIT_S:
                tracer().start_span(
                    "wait for connection", start_time=started, attributes={"pool.name": self._name}
                ).end()

    def _sizes(self) -> tuple[int, int, int]:
        stats = self._pool.get_stats()
        idle = stats.get("pool_available", 0)
        return idle, stats.get("pool_size", 0) - idle, self._pool.max_size

    def _waiting(self) -> dict[str, int]:
        return {"waiting": self._pool.get_stats().get("requests_waiting", 0)}


def connection_arguments(name: str, statement_timeout: float | None) -> dict[str, Any]:
    """Return psycopg's arguments for a connection that pg_stat_activity shows as `name`."""
    milliseconds = int((statement_timeout or 0) * 1000)
    return {
        "autocommit": True,
        "row_factory": dict_row,
        "application_name": name,
        "connect_timeout": 3,
        # The trace comment makes every text different: preparing statements would only fill memory.
        "prepare_threshold": None,
        "options": f"-c statement_timeout={milliseconds}",
    }


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise DatabaseError where psycopg says that the database is slow or away."""
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        raise QueryTimeoutError("the statement took too long and was cancelled") from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise DatabaseUnavailableError(str(error).strip() or type(error).__name__) from error


def _check(connection: Connection[DictRow]) -> None:
    """Raise when the server closed the connection while it was idle; costs no round trip otherwise."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        connection.execute("SELECT 1")
