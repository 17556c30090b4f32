from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from labctl.base.errors import LabStateError, LookupFailedError
from labctl.lookups.many_queries import ranges
from labctl.lookups.prometheus import PrometheusClient
from labctl.model.promql import ASKED
from tests.support.http_server import RecordedServer, Request, serving

QUERIES = [f"q{number}" for number in range(8)]


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with serving() as one:
        yield one


def answer(request: Request) -> dict[str, Any]:
    """Answer as Prometheus does: one query that is wrong spoils the whole request."""
    query = request.params["query"]
    if "wrong" in query:
        return {"status": "error", "error": "parse error"}
    asked = [part.split("label_replace(")[-1].split(",")[0] for part in query.split(" or ")]
    found = [{"metric": {ASKED: str(at), "was": name}, "values": [[1, "2"]]} for at, name in enumerate(asked)]
    return {"status": "success", "data": {"resultType": "matrix", "result": found}}


def test_many_are_asked_in_one_request_each_of_them_once(server: RecordedServer) -> None:
    server.answers["/api/v1/query_range"] = (200, answer)
    found = ranges(PrometheusClient(server.url), [*QUERIES, *QUERIES], 0, 10, 1)
    assert len(server.requests) == 1
    assert {query: [each.labels for each in series] for query, series in found.items() if isinstance(series, list)} == {
        query: [{"was": query}] for query in QUERIES
    }


def test_one_that_is_refused_takes_no_other_with_it(server: RecordedServer) -> None:
    server.answers["/api/v1/query_range"] = (200, answer)
    found = ranges(PrometheusClient(server.url), [*QUERIES[:5], "wrong", *QUERIES[5:]], 0, 10, 1)
    assert [query for query, series in found.items() if isinstance(series, LookupFailedError)] == ["wrong"]
    assert len(server.requests) <= 9


def test_nothing_is_asked_for_nothing(server: RecordedServer) -> None:
    assert ranges(PrometheusClient(server.url), [], 0, 10, 1) == {}
    assert server.requests == []


def test_a_server_that_is_down_is_asked_once() -> None:
    with pytest.raises(LabStateError):
        ranges(PrometheusClient("http://127.0.0.1:9"), QUERIES, 0, 10, 1)
