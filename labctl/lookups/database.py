"""The lab's Postgres through a role that can only look, one statement at a time, in a read-only transaction.

The server keeps the data safe: the role has no right to write. The read-only transaction and the extended protocol,
which takes one statement only, refuse a write with a clearer message.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import Connection, Cursor
from psycopg.pq import TransactionStatus

from labctl.base.errors import LabStateError, LookupFailedError
from labctl.base.text import checked, number_of
from labctl.lookups.cells import Cell, Column, CutText, columns_of, read_as_text

_CONNECT_TIMEOUT_S = 5
MOST_CHARACTERS = 4_000_000
"""Of one answer: rows beyond are left in the database."""
LONGEST_VALUE = 200_000
"""Characters that are kept of one value."""
STATEMENT_MIB = 40
"""What the server lets one process take for itself (compose/postgres/start.sh), beside the memory that all share."""
_NO_CONNECTION_FREE = ("too many connections for role", "too many clients already", "remaining connection slots")


@dataclass(frozen=True)
class Answer:
    """A statement's rows; `truncated` when there is more, `seconds` as the client saw it, connecting included."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    truncated: bool
    seconds: float
    notices: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class ObserverDatabase:
    """Where the observer logs in. The password goes to the server only, never on a command line or into a message."""

    port: int
    password: str = field(repr=False)
    host: str = "127.0.0.1"
    name: str = "payments"
    user: str = "observer"

    def run(self, sql: str, limit: int) -> Answer:
        """Run one statement and return its first `limit` rows; a Ctrl-C cancels it in the server, too.

        Long values and long answers are cut, and a notice says so.
        Raises LookupFailedError with the server's own message and the place in the statement, LabStateError when the
        database is not answering, InputError for a statement that is no UTF-8.
        """
        checked(sql, "the statement")
        notices: list[str] = []
        began = time.monotonic()
        with closing(self._connect()) as connection, _explained(sql):
            connection.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
            read_as_text(connection)
            with connection.cursor() as cursor:
                rows, more = _fetch(cursor, sql, limit)
                described = [(each.name, each.type_code) for each in cursor.description or ()]
            columns = columns_of(connection.adapters.types, described or _describe(connection, sql))
        seconds = time.monotonic() - began
        cuts = _cuts(rows, more and len(rows) < limit)
        return Answer(columns, tuple(rows), more or bool(cuts), seconds, (*notices, *cuts))

    def _connect(self) -> Connection[tuple[Cell, ...]]:
        try:
            connection = psycopg.connect(
                host=self.host,
                hostaddr=self.host,  # PGHOSTADDR of the environment would win otherwise
                port=self.port,
                dbname=self.name,
                user=self.user,
                password=self.password,
                application_name="labctl sql",
                connect_timeout=_CONNECT_TIMEOUT_S,
                client_encoding="UTF8",
                sslmode="disable",
                gssencmode="disable",
                options="-c client_min_messages=notice",  # with empty options, libpq would use PGOPTIONS
            )
        except psycopg.OperationalError as error:
            if any(each in str(error) for each in _NO_CONNECTION_FREE):
                raise LookupFailedError(
                    "the database has no connection free for one more look",
                    expected="at most 8 sessions at once as the role observer",
                    todo="end a look that still runs, or close another client; a session that does nothing in its "
                    "transaction ends by itself after 30 s",
                ) from error
            raise LabStateError(
                f"the database is not answering at {self.host}:{self.port} ({str(error).strip()})",
                expected="a running lab",
                todo="run `labctl status` to see what runs, `labctl up` to start the lab",
            ) from error
        connection.read_only = True
        return connection


def _fetch(cursor: Cursor[tuple[Cell, ...]], sql: str, limit: int) -> tuple[list[tuple[Cell, ...]], bool]:
    """Return the first rows, and whether there are more; streaming keeps a big table on the server."""
    # Bytes, since a statement is the learner's own and no template that must be a literal.
    with closing(cursor.stream(sql.encode())) as rows:  # type: ignore[type-var]
        try:
            return within_bounds(rows, limit)
        except psycopg.ProgrammingError as error:
            if error.sqlstate is None and "didn't produce a result" in str(error):
                return [], False
            raise


def within_bounds(rows: Iterable[tuple[Cell, ...]], limit: int) -> tuple[list[tuple[Cell, ...]], bool]:
    """Return the rows up to `limit` and MOST_CHARACTERS, their long values cut, and whether there are more."""
    kept: list[tuple[Cell, ...]] = []
    size = 0
    for row in rows:
        short = tuple(_shortened(cell) for cell in row)
        size += sum(len(cell) for cell in short if isinstance(cell, str))
        if len(kept) == limit or size > MOST_CHARACTERS:
            return kept, True
        kept.append(short)
    return kept, False


def _shortened(cell: Cell) -> Cell:
    return CutText(cell[:LONGEST_VALUE]) if isinstance(cell, str) and len(cell) > LONGEST_VALUE else cell


def _cuts(rows: Iterable[tuple[Cell, ...]], too_long: bool) -> list[str]:
    """Return what to tell about an answer that was cut."""
    values = sum(isinstance(cell, CutText) for row in rows for cell in row)
    found = [f"{number_of(values, 'value')} cut to the first {LONGEST_VALUE:,} characters"] if values else []
    if too_long:
        found.append(f"the answer is cut at {MOST_CHARACTERS:,} characters: select fewer columns, or less of them")
    return found


def _describe(connection: Connection[tuple[Cell, ...]], sql: str) -> list[tuple[str, int]]:
    """Return names and types of a statement's columns after it ran: a stream without rows does not have them."""
    if connection.info.transaction_status is not TransactionStatus.INTRANS:
        return []  # a statement such as COMMIT, which has no columns
    connection.pgconn.prepare(b"", sql.encode())
    described = connection.pgconn.describe_prepared(b"")
    names = (described.fname(index) or b"" for index in range(described.nfields))
    return [(name.decode("utf-8", "replace"), described.ftype(index)) for index, name in enumerate(names)]


@contextmanager
def _explained(sql: str) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        raise LookupFailedError(
            _server_message(error, sql), todo="read less: narrow the WHERE clause, or EXPLAIN the statement first"
        ) from error
    except psycopg.errors.OutOfMemory as error:
        raise LookupFailedError(
            _server_message(error, sql),
            expected=f"a statement that needs less than {STATEMENT_MIB} MiB of the server's memory",
            todo="read less: fewer rows or columns at once, or a part of a long value, such as left(…, 1000)",
        ) from error
    except psycopg.InternalError as error:
        if error.sqlstate is None and "EMPTY_QUERY" in str(error):
            raise LookupFailedError(
                "the statement is empty", expected="such as 'SELECT count(*) FROM payments'"
            ) from error
        raise LookupFailedError(_server_message(error, sql)) from error
    except psycopg.Error as error:
        if error.sqlstate is None and "COPY cannot be used" in str(error):
            raise LookupFailedError(
                "COPY is not for looking", expected="a SELECT; --json gives it to a program"
            ) from error
        raise _refused(error, sql) from error


def _refused(error: psycopg.Error, sql: str) -> LookupFailedError:
    refused = LookupFailedError(_server_message(error, sql))
    refused.position = int(error.diag.statement_position) if error.diag.statement_position else None
    return refused


def _server_message(error: psycopg.Error, sql: str) -> str:
    """Return the server's message as psql shows it: severity, text, the line with a mark below it, detail, hint."""
    said = error.diag
    if not said.message_primary:
        return f"the database broke off: {str(error).strip()}"
    lines = [f"{said.severity}: {said.message_primary}"]
    if said.statement_position:
        lines += place_in(sql, int(said.statement_position))
    lines += [
        f"{label}: {text}" for label, text in (("DETAIL", said.message_detail), ("HINT", said.message_hint)) if text
    ]
    return "\n".join(lines)


def place_in(sql: str, position: int) -> list[str]:
    """Return the line of `sql` that holds its `position`-th character (from 1), and a mark below it."""
    before = sql[: position - 1]
    number = before.count("\n") + 1
    line = sql.split("\n")[number - 1].replace("\t", " ")
    label = f"LINE {number}: "
    return [label + line, " " * (len(label) + len(before) - (before.rfind("\n") + 1)) + "^"]
