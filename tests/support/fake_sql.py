"""A database that answers statements as told and keeps what it was sent; its SQL is proved on a real lab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from services.common.database import Database
from services.common.statement import Statement

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class FakeSql:
    """Answers by statement; refuses a statement whose placeholders and parameters don't agree, as psycopg does."""

    def __init__(self, answers: Mapping[Statement, list[dict[str, Any]]]) -> None:
        self._answers = answers
        self.sent: list[tuple[Statement, dict[str, Any]]] = []
        self.sessions = 0
        self.transactions = 0
        self.limits: list[float] = []
        """In seconds."""

    @property
    def database(self) -> Database:
        return cast(Database, self)

    @contextmanager
    def session(self) -> Iterator[FakeSql]:
        self.sessions += 1
        yield self

    @contextmanager
    def transaction(self) -> Iterator[FakeSql]:
        self.transactions += 1
        yield self

    @contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        self.limits.append(seconds)
        yield

    def rows(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        given = dict(parameters or {})
        missing = set(_PLACEHOLDER.findall(statement.text)) - given.keys()
        assert not missing, f"{statement.summary}: no parameter for {missing}"
        self.sent.append((statement, given))
        return [dict(row) for row in self._answers.get(statement, [])]

    def row(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        return next(iter(self.rows(statement, parameters)), None)

    def run(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> int:
        return len(self.rows(statement, parameters))

    def parameters(self, statement: Statement) -> dict[str, Any]:
        """Return what the statement was sent with; it must have been sent once."""
        (found,) = [given for sent, given in self.sent if sent == statement]
        return found

    @property
    def statements(self) -> list[Statement]:
        return [statement for statement, _ in self.sent]
