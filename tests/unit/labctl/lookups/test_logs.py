from __future__ import annotations

import json

import pytest

from labctl.base.errors import LabStateError, LookupFailedError
from labctl.lookups.logql import LineFilter
from labctl.lookups.logs import LokiClient
from tests.support.http_server import RecordedServer

QUERY_RANGE = "/loki/api/v1/query_range"
SECOND_NS = 1_000_000_000
AT_NS = 1_760_000_000 * SECOND_NS


def streams(*result: dict[str, object]) -> dict[str, object]:
    return {"status": "success", "data": {"resultType": "streams", "result": list(result), "stats": {}}}


def test_lines_of_several_streams_come_in_order_of_time(server: RecordedServer) -> None:
    server.reply(
        QUERY_RANGE,
        streams(
            {"stream": {"service_name": "risk"}, "values": [[str(AT_NS + 3), "third"], [str(AT_NS), "first"]]},
            {"stream": {"service_name": "payments"}, "values": [[str(AT_NS + SECOND_NS // 2), "late"]]},
        ),
    )

    lines = LokiClient(server.url).search(LineFilter(), 0, 1)

    assert [(line.service, line.message) for line in lines] == [
        ("risk", "first"),
        ("risk", "third"),
        ("payments", "late"),
    ]
    assert lines[2].at == 1760000000.5


def test_what_ties_a_line_to_its_request_has_its_own_place(server: RecordedServer) -> None:
    labels = {
        "service_name": "payments",
        "severity_text": "ERROR",
        "trace_id": "4bf9",
        "span_id": "00f0",
        "request_id": "r-1",
        "pool": "payments",
    }
    server.reply(QUERY_RANGE, streams({"stream": labels, "values": [[str(AT_NS), "no connection came free"]]}))

    (line,) = LokiClient(server.url).search(LineFilter(), 0, 1)

    assert (line.level, line.trace_id, line.span_id, line.request_id) == ("error", "4bf9", "00f0", "r-1")
    assert line.attributes == {"pool": "payments"}


def test_structured_metadata_beside_a_line_counts_too(server: RecordedServer) -> None:
    values = [
        [str(AT_NS), "x", {"structuredMetadata": {"request_id": "r-2"}}],
        [str(AT_NS), "y", {"request_id": "r-3"}],
    ]
    server.reply(QUERY_RANGE, streams({"stream": {"service_name": "risk"}, "values": values}))

    assert [line.request_id for line in LokiClient(server.url).search(LineFilter(), 0, 1)] == ["r-3", "r-2"]


def test_a_line_that_is_json_is_taken_apart(server: RecordedServer) -> None:
    text = json.dumps({"level": "warning", "message": "slow", "service": "risk", "status": 504, "trace_id": "4bf9"})
    server.reply(QUERY_RANGE, streams({"stream": {"job": "risk"}, "values": [[str(AT_NS), text]]}))

    (line,) = LokiClient(server.url).search(LineFilter(), 0, 1)

    assert (line.level, line.service, line.message, line.trace_id) == ("warning", "risk", "slow", "4bf9")
    assert line.attributes == {"job": "risk", "status": "504"}


def test_a_body_cannot_pose_as_another_services_line(server: RecordedServer) -> None:
    own = {"service_name": "gateway", "level": "info", "trace_id": "aa", "request_id": "r-1", "status": "200"}
    posed = {"service_name": "risk", "service": "risk", "level": "fatal", "severity_text": "fatal", "trace_id": "bb"}
    text = json.dumps({**posed, "message": "posed", "request_id": "r-2", "status": "500"})
    server.reply(QUERY_RANGE, streams({"stream": own, "values": [[str(AT_NS), text]]}))

    (line,) = LokiClient(server.url).search(LineFilter(), 0, 1)

    assert (line.service, line.level, line.trace_id, line.request_id) == ("gateway", "info", "aa", "r-1")
    assert (line.message, line.attributes) == ("posed", {"status": "200"})


def test_a_body_cannot_pose_as_part_of_a_request(server: RecordedServer) -> None:
    posed = {"trace_id": "bb", "span_id": "cc", "request_id": "r-2", "level": "fatal", "severity_number": "21"}
    text = json.dumps({**posed, "message": "posed"})
    server.reply(QUERY_RANGE, streams({"stream": {"service_name": "gateway"}, "values": [[str(AT_NS), text]]}))

    (line,) = LokiClient(server.url).search(LineFilter(), 0, 1)

    assert (line.trace_id, line.span_id, line.request_id, line.level) == ("", "", "", "")
    assert (line.message, line.attributes) == ("posed", {})


@pytest.mark.parametrize(("limit", "more"), [(1, {}), (2, {}), (3, {"warnings": ["cut at 2 lines"]}), (3, {})])
def test_a_page_says_that_there_may_be_more(server: RecordedServer, limit: int, more: dict[str, object]) -> None:
    values = [[str(AT_NS), "a"], [str(AT_NS + 1), "b"]]
    server.reply(QUERY_RANGE, {**streams({"stream": {}, "values": values}), **more})

    assert LokiClient(server.url).page("{}", 0, 1, limit).is_cut == (limit < 3 or bool(more))


@pytest.mark.parametrize("text", ["{not json", '{"no": "message"}', '{"message": 5}', "{}", "[1]", ""])
def test_any_other_line_is_shown_as_it_is(server: RecordedServer, text: str) -> None:
    server.reply(QUERY_RANGE, streams({"stream": {"service_name": "risk"}, "values": [[str(AT_NS), text]]}))

    (line,) = LokiClient(server.url).search(LineFilter(), 0, 1)

    assert line.message == text
    assert line.attributes == {}


def test_the_newest_lines_are_asked_for_and_kept(server: RecordedServer) -> None:
    values = [[str(AT_NS + n), str(n)] for n in range(5)]
    server.reply(QUERY_RANGE, streams({"stream": {}, "values": values}))

    lines = LokiClient(server.url).search(LineFilter("risk"), 1760000000, 1760000060, limit=2)

    assert [line.message for line in lines] == ["3", "4"]
    assert server.requests[0].params == {
        "query": '{service_name="risk"}',
        "start": "1760000000000000000",
        "end": "1760000060000000000",
        "limit": "2",
        "direction": "backward",
    }


def test_figures_are_no_lines(server: RecordedServer) -> None:
    server.reply(QUERY_RANGE, {"status": "success", "data": {"resultType": "matrix", "result": []}})

    with pytest.raises(LookupFailedError, match="yields figures"):
        LokiClient(server.url).query("count_over_time({a=`b`}[1m])", 0, 1)


def test_a_broken_query_shows_loki_s_own_message(server: RecordedServer) -> None:
    server.reply(QUERY_RANGE, "parse error at line 1, col 8: syntax error: unexpected IDENTIFIER\n", status=400)

    with pytest.raises(LookupFailedError, match="refused the query: parse error at line 1, col 8"):
        LokiClient(server.url).query("{a=b", 0, 1)


def test_services_are_the_values_of_their_label(server: RecordedServer) -> None:
    server.reply("/loki/api/v1/label/service_name/values", {"status": "success", "data": ["risk", "gateway"]})

    assert LokiClient(server.url).services() == ["gateway", "risk"]


def test_lines_are_counted_by_level_and_bucket(server: RecordedServer) -> None:
    series = [{"metric": {"level": "ERROR"}, "values": [[10, "2"], [15, "1"]]}, {"metric": {}, "values": [[10, "7"]]}]
    server.reply(QUERY_RANGE, {"data": {"resultType": "matrix", "result": series}})

    found = LokiClient(server.url).counts('{service_name="risk"}', 5, 20, 5.0)

    assert [(each.start, each.level, each.lines) for each in found] == [(5, "error", 2), (10, "error", 1), (5, "", 7)]
    (asked,) = server.requests
    assert asked.params["query"] == 'sum by (level) (count_over_time({service_name="risk"} [5s]))'
    assert (asked.params["start"], asked.params["step"]) == (str(10 * SECOND_NS), "5.0")


def test_whether_it_answers(server: RecordedServer) -> None:
    server.reply("/loki/api/v1/status/buildinfo", {"version": "3"})
    assert LokiClient(server.url).ready()
    with pytest.raises(LabStateError):
        LokiClient("http://127.0.0.1:1").ready()
