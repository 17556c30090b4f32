from __future__ import annotations

import json
import sys

import pytest

from labctl.base.errors import LookupFailedError
from labctl.cli import console
from labctl.lookups.cells import Cell, Column
from labctl.lookups.database import Answer, ObserverDatabase
from labctl.state.settings import write_lab_env
from tests.support.looking import Looking

COLUMNS = (Column("id", "int8"), Column("note", "text"), Column("doc", "jsonb"), Column("share", "float8"))
ROWS: tuple[tuple[Cell, ...], ...] = ((1, "[red]\x1b[2J", '{"a": [1]}', float("nan")), (20, None, "null", 0.5))


@pytest.fixture
def answer(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> Looking:
    """A database that has already answered: what it really does is tested where there is a real one."""
    write_lab_env(looking.lab.folder, {"OBSERVER_DB_PASSWORD": "s3cret"})

    def run(self: ObserverDatabase, sql: str, limit: int) -> Answer:
        assert (self.port, self.password, self.host) == (1, "s3cret", "127.0.0.1")
        return Answer(COLUMNS, ROWS[:limit], limit < len(ROWS), 0.0123, ("be\x1bware",))

    monkeypatch.setattr(ObserverDatabase, "run", run)
    return looking


def test_rows_are_a_table_with_numbers_to_the_right(answer: Looking) -> None:
    shown = answer.run("sql", "SELECT 1")

    assert shown.out.splitlines()[1].split() == ["1", "[red]\\x1b[2J", '{"a":', "[1]}", "nan"]
    assert shown.out.splitlines()[2].split() == ["20", "NULL", "null", "0.5"]
    assert shown.out.splitlines()[1].startswith(" 1")
    assert "2 rows (12.3 ms)" in shown.err


def test_notices_and_a_cut_answer_are_told(answer: Looking) -> None:
    shown = answer.run("sql", "SELECT 1", "--limit", "1")

    assert "1 row, the first ones; --limit for more" in shown.err
    assert "be\\x1bware" in shown.err


def test_json_keeps_types_and_has_only_json(answer: Looking) -> None:
    shown = answer.run("sql", "SELECT 1", "--json").json

    assert shown["columns"][0] == {"name": "id", "type": "int8"}
    assert shown["rows"] == [[1, "[red]\x1b[2J", {"a": [1]}, "NaN"], [20, None, None, 0.5]]
    assert (shown["truncated"], shown["seconds"], shown["notices"]) == (False, 0.0123, ["be\x1bware"])


def test_a_terminal_too_narrow_for_the_columns_gets_records(answer: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "table_width", lambda: 20)

    lines = answer.run("sql", "SELECT 1").out.splitlines()

    assert lines[0].strip() == "record 1"
    assert lines[1].split() == ["id", "1"]


def test_the_journal_has_the_statement_and_nothing_has_the_password(answer: Looking) -> None:
    shown = answer.run("sql", "SELECT 'é'")

    assert answer.journal == [{"command": "sql", "statement": "SELECT 'é'"}]
    assert "s3cret" not in shown.out + shown.err + json.dumps(answer.journal) + " ".join(sys.argv)


def test_a_refusal_is_the_server_s_message(answer: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: ObserverDatabase, sql: str, limit: int) -> Answer:
        raise LookupFailedError("ERROR: syntax error\nLINE 1: SELEC\n        ^")

    monkeypatch.setattr(ObserverDatabase, "run", refuse)
    shown = answer.run("sql", "SELEC")

    assert shown.code == 1
    assert shown.err == "error: ERROR: syntax error\nLINE 1: SELEC\n        ^\n"


def test_a_database_that_is_down_is_said_so(looking: Looking) -> None:
    write_lab_env(looking.lab.folder, {"OBSERVER_DB_PASSWORD": "s3cret"})

    shown = looking.run("sql", "SELECT 1")

    assert shown.code == 1
    assert "the database is not answering at 127.0.0.1:1" in shown.err
    assert "s3cret" not in shown.err


def test_a_statement_that_is_no_text_is_a_usage_error(looking: Looking) -> None:
    assert looking.run("sql", "SELECT '\udcff'").code == 2
    assert looking.journal == []
