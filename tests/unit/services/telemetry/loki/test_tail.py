"""Live tail: each new line once, over a connection that the server has let go of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from time import time_ns

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.telemetry.loki import tail
from services.telemetry.loki.metric_parser import parse
from services.telemetry.loki.syntax import LogQuery
from services.telemetry.loki.tail import Follower
from services.telemetry.store.reader import Reader
from tests.support.otlp import TRACE, logs, record
from tests.support.tail_client import PATH, TailClient
from tests.support.wsgi_server import running

SECOND = 10**9


def lines_of(query: str = '{service_name="payments"}') -> LogQuery:
    found = parse(query)
    assert isinstance(found, LogQuery)
    return found


def test_each_line_comes_once_also_when_it_is_late(stored: Callable[..., None], reader: Reader) -> None:
    now = time_ns()
    follower = Follower(reader, lines_of(), 10, now - SECOND)
    stored(logs(record("first", time=now)))
    assert [entry.line for entry in follower.new(now)[0]] == ["first"]
    stored(logs(record("late", time=now - SECOND // 2), record("before the tail", time=now - 2 * SECOND)))
    assert [entry.line for entry in follower.new(now + SECOND)[0]] == ["late"]
    assert follower.new(now + 2 * SECOND) == ([], 0)


def test_what_was_sent_is_forgotten_when_it_can_come_no_more(stored: Callable[..., None], reader: Reader) -> None:
    now = time_ns()
    follower = Follower(reader, lines_of(), 10, now)
    stored(logs(record("first", time=now)))
    follower.new(now)
    follower.new(now + 60 * SECOND)
    assert follower._sent == {}


def test_of_too_many_lines_the_newest_come_and_the_others_are_counted(
    stored: Callable[..., None], reader: Reader
) -> None:
    now = time_ns()
    stored(logs(*(record(f"line {n}", time=now + n) for n in range(5))))
    entries, dropped = Follower(reader, lines_of(), 2, now).new(now + SECOND)
    assert ([entry.line for entry in entries], dropped) == (["line 3", "line 4"], 3)


def test_a_message_has_the_lines_by_their_stream(stored: Callable[..., None], reader: Reader) -> None:
    now = time_ns()
    stored(logs(record("one", time=now, trace_id=TRACE), record("two", time=now + 1, trace_id=TRACE)))
    entries, _ = Follower(reader, lines_of(), 10, now).new(now + SECOND)
    (stream,) = json.loads(tail.message(entries, 0, categorize=False))["streams"]
    assert stream["stream"]["trace_id"] == TRACE.hex()
    assert stream["values"] == [[str(now), "one"], [str(now + 1), "two"]]
    apart = json.loads(tail.message(entries, 3, categorize=True))
    assert "trace_id" not in apart["streams"][0]["stream"]
    assert apart["streams"][0]["values"][0][2]["structuredMetadata"]["trace_id"] == TRACE.hex()
    assert len(apart["dropped_entries"]) == 3


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('{service_name="payments"}', "WebSocket"),
        ('rate({service_name="payments"}[1m])', "metric"),
        ('{service_name="payments"', "parse error"),
    ],
)
def test_what_is_no_tail_is_refused(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(PATH, query_string={"query": query})
    assert answer.status_code == 400
    assert said in answer.text


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    with running(app) as url:
        yield url


def test_lines_come_while_the_connection_stays(
    served: str, stored: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "EVERY_SECONDS", 0.02)
    client = TailClient(served, '{service_name="payments"} |= "paid"')
    assert client.status == "101"
    for said in ("paid 1", "paid 2"):
        stored(logs(record(said, time=time_ns()), record("something else", time=time_ns())))
        assert client.message()["streams"][0]["values"][0][1] == said
    client.close()


def test_only_so_many_follow_at_once(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "EVERY_SECONDS", 0.02)
    clients = [TailClient(served, '{service_name="payments"}') for _ in range(tail.MAX_TAILS)]
    assert {each.status for each in clients} == {"101"}
    refused = TailClient(served, '{service_name="payments"}')
    assert refused.status == "429"
    for each in (*clients, refused):
        each.close()
