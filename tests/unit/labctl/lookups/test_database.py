"""What needs no server; what a real one answers is in tests/integration/test_lookups.py."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError, LabStateError, LookupFailedError
from labctl.lookups import database as observed
from labctl.lookups.cells import Cell, Column, CutText, as_json
from labctl.lookups.database import ObserverDatabase, place_in, within_bounds


def test_nobody_listening_says_how_to_find_out_without_the_password() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        database = ObserverDatabase(unused.getsockname()[1], "s3cret")

        with pytest.raises(LabStateError, match="the database is not answering at 127") as caught:
            database.run("SELECT 1", 1)

    assert "labctl up" in caught.value.todo
    assert "s3cret" not in caught.value.what


def test_a_host_from_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOSTADDR", "203.0.113.1")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(LabStateError, match="127"):
            ObserverDatabase(unused.getsockname()[1], "x").run("SELECT 1", 1)


def test_a_statement_that_is_no_text_never_reaches_a_server() -> None:
    with pytest.raises(InputError, match="not valid UTF-8"):
        ObserverDatabase(1, "x").run("SELECT '\udcff'", 1)


def test_the_password_is_not_in_what_is_printed_for_a_bug_report() -> None:
    assert "s3cret" not in repr(ObserverDatabase(5432, "s3cret"))


@pytest.mark.parametrize(
    ("sql", "position", "lines"),
    [
        ("SELEC 1", 1, ["LINE 1: SELEC 1", "        ^"]),
        ("SELECT 1\nFROM\tx", 15, ["LINE 2: FROM x", "             ^"]),
        ("SELECT 'é', y", 13, ["LINE 1: SELECT 'é', y", "                    ^"]),
        ("SELECT", 7, ["LINE 1: SELECT", "              ^"]),
    ],
)
def test_the_place_of_an_error_is_marked_below_its_line(sql: str, position: int, lines: list[str]) -> None:
    assert place_in(sql, position) == lines


@given(st.text(), st.integers(1, 200))
def test_any_place_is_a_line_and_a_mark(sql: str, position: int) -> None:
    line, mark = place_in(sql, position)

    assert line.startswith("LINE ")
    assert mark.strip() == "^"


@pytest.mark.parametrize(
    "said",
    [
        'FATAL:  too many connections for role "observer"',
        "FATAL:  sorry, too many clients already",
        "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
    ],
)
def test_no_connection_free_says_why_and_what_to_do(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    def refuse(**_: Any) -> Any:
        raise psycopg.OperationalError(said)

    monkeypatch.setattr(psycopg, "connect", refuse)
    with pytest.raises(LookupFailedError, match="no connection free") as caught:
        ObserverDatabase(1, "x").run("SELECT 1", 1)
    assert "8 sessions" in caught.value.expected
    assert caught.value.todo


def endless(cell: Cell) -> Iterator[tuple[Cell, ...]]:
    while True:
        yield (cell,)


def test_rows_beyond_the_limit_are_not_read() -> None:
    assert within_bounds(endless(1), 3) == ([(1,)] * 3, True)
    assert within_bounds([(1,), (2,)], 2) == ([(1,), (2,)], False)


def test_a_long_answer_is_cut_whatever_the_limit() -> None:
    rows, more = within_bounds(endless("x" * 100_000), 10_000)
    assert more
    assert len(rows) * 100_000 <= observed.MOST_CHARACTERS


def test_a_long_value_is_cut_and_no_document_any_more() -> None:
    ((cell, short),), more = within_bounds([('"' + "x" * 300_000 + '"', '{"a": 1}')], 9)
    assert isinstance(cell, CutText)
    assert (len(cell), more) == (observed.LONGEST_VALUE, False)
    assert as_json(cell, Column("a", "jsonb")) == cell
    assert as_json(short, Column("b", "jsonb")) == {"a": 1}
