"""The look-ups on a real lab, through the command line as a learner types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

import pytest

from labctl.base.errors import LookupFailedError
from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab
from labctl.lookups.database import ObserverDatabase
from labctl.lookups.logql import LineFilter
from labctl.lookups.logs import LogLine
from labctl.lookups.spans import Trace
from labctl.lookups.traces import Search
from labctl.state.journal import LOOK_UP
from tests.support.command_line import CommandLine

pytestmark = [pytest.mark.lab, pytest.mark.small]

SERVER_STARTED = "SELECT backend_start FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
"""Unlike pg_postmaster_start_time(), it changes when the server starts again after a process was killed."""
SLEEPING = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(14)%' AND pid <> pg_backend_pid()"


@pytest.fixture
def lab(running_lab: Lab) -> Lab:
    """The shared lab: it can be looked at however it fares."""
    return running_lab


def command(lab: Lab, *words: str) -> list[str]:
    verb, *rest = words
    return [sys.executable, "-m", "labctl", verb, "--name", lab.name, *rest]


def look(lab: Lab, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        command(lab, *words), capture_output=True, text=True, timeout=60, env=environment, check=False
    )


def answer(lab: Lab, *words: str) -> Any:
    done = look(lab, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def observer(lab: Lab) -> ObserverDatabase:
    """What `labctl sql` asks, without starting a process for each of many statements."""
    return ObserverDatabase(
        lab.record.ports.postgres, lab.addresses.password("OBSERVER_DB_PASSWORD"), host=lab.addresses.host
    )


def rows(lab: Lab, sql: str) -> list[list[Any]]:
    found: list[list[Any]] = answer(lab, "sql", sql)["rows"]
    return found


def test_metrics_answers_now_and_over_time(lab: Lab) -> None:
    now = answer(lab, "metrics", "count(up == 1)")
    curve = answer(
        lab, "metrics", 'sum(rate(http_server_request_duration_seconds_count{job="gateway"}[10s]))', "--range", "30s"
    )

    assert now["series"][0]["value"] >= 3
    assert curve["series"][0]["last"] > 0
    assert "┌" in look(lab, "metrics", "sum(up)", "--range", "30s").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("metrics", "sum("), "parse error"),
        (("metrics", "up", "--range", "1h", "--step", "10ms"), "exceeded maximum resolution"),
        (
            ("sql", "SELECT nope FROM payments"),
            'ERROR: column "nope" does not exist\nLINE 1: SELECT nope FROM payments\n               ^',
        ),
        (("sql", "SELECT 1; SELECT 2"), "cannot insert multiple commands into a prepared statement"),
        (("sql", " -- nothing"), "the statement is empty"),
    ],
)
def test_a_refusal_is_in_the_server_s_own_words(lab: Lab, words: tuple[str, ...], said: str) -> None:
    done = look(lab, *words)

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def newest_whole_checkout(lab: Lab) -> Any:
    """Each service exports on its own, so the newest trace can still lack the spans of some."""
    traces = answer(lab, "traces", "--service", "risk", "--limit", "20", "--since", "1m")["traces"]
    return next((trace for trace in traces if {"gateway", "payments", "risk"} <= set(trace["services"])), None)


def test_a_request_can_be_followed_from_list_to_waterfall_to_logs(lab: Lab) -> None:
    newest = wait_until(lambda: newest_whole_checkout(lab), what="a trace with spans of all three", timeout=30)

    tree = answer(lab, "trace", newest["id"][:16])
    lines = wait_until(
        lambda: answer(lab, "logs", "--trace", newest["id"][:16], "--since", "5m")["lines"], what="its logs", timeout=30
    )

    assert tree["id"] == newest["id"]
    assert {"gateway", "payments", "risk"} <= {span["service"] for span in tree["spans"]}
    assert tree["spans"][0]["depth"] == 0
    assert lines
    assert {line["trace_id"] for line in lines} == {newest["id"]}
    assert len({line["request_id"] for line in lines}) == 1
    assert look(lab, "trace", newest["id"]).stdout.count("█") >= len(tree["spans"])


def test_a_request_of_ones_own_is_answered_followed_and_told_apart(lab: Lab) -> None:
    since = time.time()
    made = answer(lab, "try", "checkout", "--amount", "4200")
    assert (made["status"], made["body"]["status"]) == (201, "captured")
    assert answer(lab, "try", "lookup")["body"]["amount_minor"] == 4200
    assert answer(lab, "try", "refund", "--amount", "200")["status"] == 201

    def booked() -> Trace | None:
        found = lab.traces.trace(made["trace_id"], start=since, end=time.time())
        return found if {"gateway", "payments", "risk", "ledger"} <= set(found.spans_by_service) else None

    found = wait_until(booked, what="the trace up to the ledger", timeout=30, transient=(LookupFailedError,))
    assert not any(span.of_clients for span in found.spans), "every span tells whose request it was"

    def lines(*, of_clients: bool) -> list[LogLine]:
        wanted = LineFilter(trace_id=made["trace_id"], of_clients=of_clients)
        return lab.logs.search(wanted, since, time.time())

    assert wait_until(lambda: lines(of_clients=False), what="its log lines", timeout=30)
    assert lines(of_clients=True) == []
    others = lab.traces.search(Search(since - 60, since, service="gateway", limit=20))
    theirs = [span for trace in others.traces for span in trace.spans]
    assert theirs
    assert all(span.of_clients for span in theirs)


def test_traces_can_be_narrowed(lab: Lab) -> None:
    slow = answer(lab, "traces", "--service", "gateway", "--min-ms", "30", "--limit", "5")["traces"]
    none = answer(lab, "traces", "--service", "gateway", "--min-ms", "100000")["traces"]

    assert slow
    assert all(trace["duration_s"] >= 0.03 for trace in slow)
    assert none == []


def test_logs_can_be_narrowed_by_what_nobody_can_bend(lab: Lab) -> None:
    of_gateway = answer(lab, "logs", "--service", "gateway", "--limit", "20")["lines"]
    matching = answer(lab, "logs", "--grep", r"POST \S+ 20\d", "--limit", "20")["lines"]
    bent = answer(lab, "logs", "--grep", '"} or {service_name="gateway')["lines"]

    assert {line["service"] for line in of_gateway} == {"gateway"}
    assert matching
    assert all("POST" in line["message"] for line in matching)
    assert bent == []


def test_the_topology_shows_live_traffic(lab: Lab) -> None:
    edges = {(edge["caller"], edge["callee"]): edge for edge in answer(lab, "topology")["edges"]}

    for ends in (("clients", "gateway"), ("gateway", "payments"), ("payments", "risk"), ("payments", "acquirer")):
        assert edges[ends]["rate"] > 0
        assert edges[ends]["p95_s"] > 0
    assert edges["payments", "postgres"]["rate"] > 0
    assert edges["gateway", "payments"]["traced_calls"] > 0


def test_a_release_that_did_not_run_is_not_shown(lab: Lab) -> None:
    done = look(lab, "diff", "gateway", "3.8.0", "3.9.0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "version of gateway" in done.stderr


def test_an_unknown_service_gets_the_nearest(lab: Lab) -> None:
    for words in (("logs", "--service", "gatway"), ("traces", "--service", "gatway"), ("diff", "gatway")):
        done = look(lab, *words)
        assert done.returncode == 1
        assert "did you mean 'gateway'?" in done.stderr


def test_every_look_is_in_the_journal(lab: Lab) -> None:
    began = len(lab.store.journal.entries(kind=LOOK_UP))

    look(lab, "metrics", "up < 0")
    look(lab, "sql", "SELECT 'seen'")
    look(lab, "sql", "SELEC 'seen'")

    payloads = [entry.payload for entry in lab.store.journal.entries(kind=LOOK_UP)[began:]]
    for expected in (
        {"command": "metrics", "query": "up < 0", "range": ""},
        {"command": "sql", "statement": "SELECT 'seen'"},
        {"command": "sql", "statement": "SELEC 'seen'"},
    ):
        assert expected in payloads
    assert lab.store.journal.verify() is None


def test_sql_sees_data_plans_and_sessions(lab: Lab) -> None:
    assert rows(lab, "SELECT count(*) FROM customers") == [[50_000]]
    assert "Execution Time" in str(rows(lab, "EXPLAIN ANALYZE SELECT * FROM payments LIMIT 1"))
    assert ["payments"] in rows(lab, "SELECT DISTINCT usename FROM pg_stat_activity WHERE query <> ''")


def test_sql_shows_every_type_and_gives_it_as_json(lab: Lab) -> None:
    sql = (
        "SELECT 1.10::numeric AS n, 'NaN'::numeric AS nan, 'infinity'::float8 AS inf, '\\x00ff'::bytea AS b, "
        "'{\"a\": [1, null]}'::jsonb AS j, '1 month 2 days'::interval AS i, 'infinity'::timestamptz AS t, "
        "NULL AS nothing, ARRAY['x', NULL] AS list, row(1, 'é') AS pair, true AS yes, 9223372036854775807 AS big, "
        "E'a\\tb\\x1b' AS odd"
    )

    (row,) = rows(lab, sql)

    assert row == [
        "1.10",
        "NaN",
        "Infinity",
        "\\x00ff",
        {"a": [1, None]},
        "1 mon 2 days",
        "infinity",
        None,
        "{x,NULL}",
        "(1,é)",
        True,
        9223372036854775807,
        "a\tb\x1b",
    ]
    shown = look(lab, "sql", sql).stdout
    assert "a\\tb\\x1b" in shown
    assert "\x1b" not in shown


def test_sql_reads_no_more_rows_than_it_shows(lab: Lab) -> None:
    cut = answer(lab, "sql", "SELECT * FROM payments", "--limit", "7")
    empty = answer(lab, "sql", "SELECT id, country FROM customers WHERE false")

    assert (len(cut["rows"]), cut["truncated"]) == (7, True)
    assert cut["seconds"] < 2
    assert [column["name"] for column in empty["columns"]] == ["id", "country"]
    assert "7 rows, the first ones" in look(lab, "sql", "SELECT * FROM payments", "--limit", "7").stderr


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO merchant_totals DEFAULT VALUES",
        "UPDATE payments SET status = 'declined'",
        "DELETE FROM payments",
        "TRUNCATE payments",
        "WITH gone AS (DELETE FROM payments RETURNING 1) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM payments",
        "SELECT * FROM payments FOR UPDATE",
        "LOCK TABLE payments IN ACCESS EXCLUSIVE MODE",
        "DROP TABLE payments",
        "CREATE TABLE mine (a int)",
        "CREATE TEMP TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "ALTER ROLE observer PASSWORD 'x'",
        "ALTER ROLE observer SET default_transaction_read_only = off",
        "GRANT payments TO observer",
        "SET ROLE payments",
        "SET SESSION AUTHORIZATION payments",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT set_config('role', 'payments', false)",
        "SELECT 1; DELETE FROM payments",
        "COMMIT; DELETE FROM payments",
        "COPY payments FROM STDIN",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "COPY (SELECT 1) TO '/tmp/out'",
        "SELECT dblink('dbname=payments', 'DELETE FROM payments')",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, '\\x00')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT * FROM pg_authid",
        "SELECT nextval('ledger_entries_id_seq')",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'payments'",
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'payments'",
        "SELECT pg_reload_conf()",
        "SELECT pg_switch_wal()",
        "SELECT pg_advisory_lock(4242)",
        "SELECT pg_try_advisory_lock_shared(1, 2)",
        "SELECT pg_logical_emit_message(false, 'x', 'x')",
        "VACUUM FULL payments",
        "CHECKPOINT",
        "DO $$ BEGIN SET TRANSACTION READ WRITE; DELETE FROM payments; END $$",
        "DO $$ BEGIN PERFORM set_config('transaction_read_only', 'off', true); DELETE FROM payments; END $$",
        "CREATE EXTENSION dblink",
        "CALL mine()",
        "PREPARE TRANSACTION 'x'",
    ],
)
def test_sql_changes_nothing(lab: Lab, sql: str) -> None:
    with pytest.raises(LookupFailedError):
        observer(lab).run(sql, 10)


@pytest.mark.parametrize(
    "sql",
    [
        "SET TRANSACTION READ WRITE",
        "SET default_transaction_read_only = off",
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "SET statement_timeout = 0",
        "COMMIT",
    ],
)
def test_what_a_session_may_set_is_gone_with_it(lab: Lab, sql: str) -> None:
    observer(lab).run(sql, 10)

    with pytest.raises(LookupFailedError):
        observer(lab).run("DELETE FROM merchant_totals", 10)
    settings = "SELECT current_setting('transaction_read_only'), current_setting('statement_timeout')"
    assert observer(lab).run(settings, 1).rows == (("on", "15s"),)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT repeat('x', 200000000)",
        "SELECT string_agg(md5(i::text), '') FROM generate_series(1, 2000000) i",
        "SELECT array_agg(i) FROM generate_series(1, 8000000) i",
        "SELECT string_agg(repeat('x', 1000), '') FROM generate_series(1, 400000)",
        "WITH RECURSIVE r(t) AS (SELECT repeat('x', 1000) UNION ALL SELECT t || t FROM r) SELECT max(length(t)) FROM r",
        "DO $$ DECLARE a text := 'x'; BEGIN LOOP a := a || a; END LOOP; END $$",
    ],
)
def test_a_statement_that_wants_too_much_memory_fails_alone(lab: Lab, sql: str) -> None:
    before = observer(lab).run(SERVER_STARTED, 1).rows

    refused = look(lab, "sql", sql)

    assert refused.returncode == 1
    assert "out of memory" in refused.stderr
    assert observer(lab).run(SERVER_STARTED, 1).rows == before


def test_nobody_who_looks_fills_the_disk_with_a_sort(lab: Lab) -> None:
    with pytest.raises(LookupFailedError, match="temporary file size exceeds"):
        observer(lab).run("SELECT repeat(md5(i::text), 40) t FROM generate_series(1, 3000000) i ORDER BY t", 1)


def test_the_ninth_session_is_told_what_to_do(lab: Lab) -> None:
    wait = "SELECT pg_sleep(14)"
    with ExitStack() as stack:
        running = [stack.enter_context(CommandLine(lab.name).start("sql", wait)) for _ in range(8)]
        try:
            wait_until(lambda: _refused(lab), what="eight sessions", timeout=15)
            said = look(lab, "sql", "SELECT 1").stderr
        finally:
            for each in running:
                each.send_signal(signal.SIGINT)

    assert "no connection free" in said
    assert "8 sessions" in said
    wait_until(lambda: not _refused(lab), what="a free connection", timeout=15)


def _refused(lab: Lab) -> bool:
    try:
        observer(lab).run("SELECT 1", 1)
    except LookupFailedError as error:
        return "no connection free" in str(error)
    return False


def test_ctrl_c_cancels_the_query_in_the_server(lab: Lab) -> None:
    with CommandLine(lab.name).start("sql", "SELECT pg_sleep(14)") as process:
        wait_until(lambda: rows(lab, SLEEPING), what="the query", timeout=15)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)

    assert process.returncode == 130
    assert "Traceback" not in said
    wait_until(lambda: not rows(lab, SLEEPING), what="the query's end", timeout=5)


def test_the_password_is_on_no_command_line_and_in_no_message(lab: Lab) -> None:
    password = lab.addresses.password("OBSERVER_DB_PASSWORD")
    spoken = "".join((done := look(lab, "sql", sql)).stdout + done.stderr for sql in ("SELECT 1", "SELEC", "SHOW ALL"))

    assert password not in spoken
    assert all(password not in str(entry.payload) for entry in lab.store.journal.entries(kind=LOOK_UP))
