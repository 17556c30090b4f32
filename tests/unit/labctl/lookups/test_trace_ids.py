from __future__ import annotations

import pytest

from labctl.base.errors import InputError, LookupFailedError
from labctl.lookups.logs import LokiClient
from labctl.lookups.trace_ids import whole_id
from labctl.lookups.traces import JaegerClient
from tests.support.http_server import RecordedServer
from tests.support.jaeger_answers import TRACE_ID, answer, checkout

QUERY = "/loki/api/v1/query_range"
OTHER_ID = "4bf9" + "0" * 28


def logged(server: RecordedServer, *ids: str) -> None:
    result = [
        {"stream": {"service_name": "risk", "trace_id": each}, "values": [["1", "x"], ["2", "y"]]} for each in ids
    ]
    server.reply(QUERY, {"status": "success", "data": {"resultType": "streams", "result": result}})


def find(server: RecordedServer, prefix: str) -> str:
    return whole_id(prefix, JaegerClient(server.url), LokiClient(server.url), start=0, end=10)


def test_a_whole_id_asks_nobody(server: RecordedServer) -> None:
    assert find(server, f" {TRACE_ID.upper()} ") == TRACE_ID
    assert not server.requests


def test_log_lines_tell_the_rest_of_an_id(server: RecordedServer) -> None:
    logged(server, TRACE_ID)

    assert find(server, "4BF92") == TRACE_ID
    (request,) = server.requests
    assert request.params["query"] == '{service_name=~".+"} | trace_id=~"4bf92.*"'


def test_two_traces_with_the_same_beginning_are_one_too_many(server: RecordedServer) -> None:
    logged(server, TRACE_ID, OTHER_ID)

    with pytest.raises(LookupFailedError, match="2 traces begin with '4bf9'"):
        find(server, "4bf9")


def test_a_trace_without_log_lines_is_looked_for_among_the_newest(server: RecordedServer) -> None:
    logged(server)
    server.reply("/api/services", answer("jobs"))
    server.reply("/api/traces", answer(checkout()))

    assert find(server, "4bf92f35") == TRACE_ID
    assert [request.params["limit"] for request in server.requests if request.path == "/api/traces"] == ["100"]


def test_a_trace_that_is_nowhere_is_looked_for_further_back_first(server: RecordedServer) -> None:
    logged(server)
    server.reply("/api/services", answer("jobs"))
    server.reply("/api/traces", answer(checkout()))

    with pytest.raises(LookupFailedError, match="no trace has the id 'ffffffff'"):
        find(server, "ffffffff")

    assert [request.params["limit"] for request in server.requests if request.path == "/api/traces"] == ["100", "1500"]


@pytest.mark.parametrize("text", ["", "x", '4b"} or {', "4bf9.*"])
def test_what_is_no_id_asks_nobody(server: RecordedServer, text: str) -> None:
    with pytest.raises(InputError, match="not a trace id"):
        find(server, text)

    assert not server.requests
