"""A database that gives prepared answers and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from services.common.statement import Statement


class FakeSession:
    """Answers by a statement's summary: rows, a count of rows, or an exception to raise."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.answers: dict[str, Any] = dict(answers or {})
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def rows(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return list(self._answer(statement, parameters) or [])

    def row(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def run(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> int:
        return int(self._answer(statement, parameters) or 0)

    def _answer(self, statement: Statement, parameters: Mapping[str, Any] | None) -> Any:
        self.asked.append((statement.summary, dict(parameters or {})))
        answer = self.answers.get(statement.summary)
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeDatabase:
    """Lends the same session again and again."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.lent = FakeSession(answers)

    @contextmanager
    def session(self) -> Iterator[FakeSession]:
        yield self.lent

    transaction = session
