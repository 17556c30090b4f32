from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from labctl.actions import explain as explaining
from labctl.lookups import database
from labctl.lookups.database import Answer
from labctl.room.views.statements import MOST_CHARACTERS
from tests.support.room_database import answer
from tests.support.room_world import Browser


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that came to a database, which answers each by what is in it."""
    found: list[str] = []

    def run(_self: database.ObserverDatabase, sql: str, limit: int) -> Answer:
        found.append(sql)
        return answer(sql, limit)

    monkeypatch.setattr(database.ObserverDatabase, "run", run)
    return found


def test_rows_with_null_apart_from_an_empty_text(browser: Browser, asked: list[str]) -> None:
    text = browser.get("/database?statement=SELECT 1").text
    assert asked == ["SELECT 1"]
    assert browser.looked_up == ["sql"]
    assert '<i class="null">NULL</i>' in text
    assert ">empty</i>" in text
    assert "&lt;b&gt;\nx" in text
    assert "… 500 characters" in text
    assert "a notice" in text
    assert "2 rows, in 12.3 ms" in text
    assert "<textarea" in text
    assert ">\nSELECT 1</textarea>" in text


def test_an_error_says_its_place(browser: Browser, asked: list[str]) -> None:
    found = browser.get("/database?statement=SELECT wrong")
    assert found.status_code == 502
    assert 'data-error-at="8"' in found.text
    assert "LINE 1: wrong" in found.text
    # The place is that in what was typed, whatever was put before it.
    assert 'data-error-at="8"' in browser.get("/database?statement=SELECT wrong&run=plan").text
    assert 'data-error-at="16"' in browser.get("/database?statement=EXPLAIN SELECT wrong&run=measured").text


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("statement=SELECT 1&run=plan", "EXPLAIN (FORMAT JSON) SELECT 1"),
        ("statement=SELECT 1&run=measured", "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT 1"),
        ("statement=EXPLAIN (FORMAT JSON) SELECT 1", "EXPLAIN (FORMAT JSON) SELECT 1"),
    ],
)
def test_a_plan_is_drawn(browser: Browser, asked: list[str], path: str, statement: str) -> None:
    text = browser.get(f"/database?{path}").text
    assert asked == [statement]
    assert len(re.findall('<details class="step-of', text)) == 2
    assert '<details class="step-of costly">' in text
    assert "Seq Scan on payments p" in text
    assert "1,200 rows removed" in text
    assert "style=" not in text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("SELECT 1", "SELECT 1"),
        ("explain analyze verbose SELECT 1", "SELECT 1"),
        (" EXPLAIN (ANALYZE, FORMAT TEXT)\nSELECT 1", "SELECT 1"),
        ("EXPLAIN (SELECT 1)", "(SELECT 1)"),
        ("EXPLAINED", "EXPLAINED"),
    ],
)
def test_explaining_an_explanation_explains_the_statement(typed: str, told: str) -> None:
    assert explaining.bare(typed) == told


def test_ones_statements_are_remembered(browser: Browser, asked: list[str]) -> None:
    browser.get("/database?statement=SELECT 1")
    text = browser.get("/database").text
    assert "Your statements" in text
    assert "<code>SELECT 1</code>" in text


def test_without_a_statement_nothing_is_asked(browser: Browser, asked: list[str]) -> None:
    assert "To begin with" in browser.get("/database").text
    assert (asked, browser.looked_up) == ([], [])


@pytest.mark.parametrize("query", [f"statement={'x' * (MOST_CHARACTERS + 1)}", "statement=SELECT 1&limit=999999"])
def test_more_than_the_page_has_room_for_is_refused(browser: Browser, asked: list[str], query: str) -> None:
    assert browser.get(f"/database?{query}").status_code == 422
    assert asked == []


def test_sessions_and_who_blocks_whom(browser: Browser, asked: list[str]) -> None:
    text = browser.get("/database?show=sessions").text
    assert "3 sessions of at most 72" in text
    assert "1 blocked." in text
    assert "Oldest transaction: 42" in text
    tree = text[text.index("Who blocks whom") :]
    assert tree.index("<b>11</b>") < tree.index("<b>12</b>")
    assert "ALTER &lt;b&gt;" in tree
    assert browser.looked_up == ["sessions"]


def test_keeping_sessions_fresh_is_no_new_look(browser: Browser, asked: list[str]) -> None:
    browser.get("/database?show=sessions")
    browser.get("/database?show=sessions", **{"X-Refresh": "1"})
    assert browser.looked_up == ["sessions"]


def test_tables_and_the_names_for_completion_are_no_look_up(browser: Browser, asked: list[str]) -> None:
    found: dict[str, Any] = json.loads(browser.get("/database/names").text)
    assert set(found) == {"payments", "app.t", "pg_stat_activity"}
    assert found["payments"] == [{"label": "id", "detail": "uuid"}, {"label": "status", "detail": "text"}]
    text = html.unescape(browser.get("/database?show=tables").text)
    assert re.search(r"FROM(\+|%20)app\.t\b", text)
    assert 'id="table-3"' not in text  # the server's own are many
    assert browser.looked_up == []


def test_a_stranger_gets_no_names(stranger: Browser, asked: list[str]) -> None:
    for path in ("/database/names", "/metrics/api/labels", "/database?statement=SELECT 1"):
        assert stranger.get(path).status_code == 401
    assert asked == []
