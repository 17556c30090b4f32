from __future__ import annotations

import json

import pytest

from labctl.base.errors import InputError, LookupFailedError, NotFoundError
from labctl.lookups.traces import Dependency, JaegerClient, Search
from tests.support.http_server import RecordedServer
from tests.support.jaeger_answers import NOT_FOUND, TRACE_ID, answer, checkout

NOW = 1760000100.0
OTHER_ID = "4bf9" + "0" * 28


@pytest.fixture
def client(server: RecordedServer) -> JaegerClient:
    server.reply("/api/services", answer("risk", "gateway"))
    server.reply("/api/traces", answer(checkout(), checkout(OTHER_ID, shift_us=5_000_000)))
    server.reply(f"/api/traces/{TRACE_ID}", answer(checkout()))
    return JaegerClient(server.url)


def asked(server: RecordedServer) -> list[dict[str, str]]:
    return [request.params for request in server.requests if request.path == "/api/traces"]


def test_services_are_sorted(client: JaegerClient) -> None:
    assert client.services() == ["gateway", "risk"]


def test_without_a_service_every_one_is_asked_for_and_the_newest_comes_first(
    client: JaegerClient, server: RecordedServer
) -> None:
    found = client.search(Search(NOW - 60, NOW))

    assert [trace.id for trace in found.traces] == [OTHER_ID, TRACE_ID]
    assert found.cut == ""
    assert [params["service"] for params in asked(server)] == ["*"]


def test_what_is_not_finished_comes_last(client: JaegerClient, server: RecordedServer) -> None:
    unfinished = checkout(OTHER_ID, shift_us=5_000_000)
    del unfinished["spans"][0]
    server.reply("/api/traces", answer(unfinished, checkout()))

    found = client.search(Search(NOW - 60, NOW))

    assert [(trace.id, trace.finished) for trace in found.traces] == [(TRACE_ID, True), (OTHER_ID, False)]


def test_a_service_of_the_lab_that_has_sent_nothing_yet_is_known(client: JaegerClient, server: RecordedServer) -> None:
    server.reply("/api/traces", answer())

    assert client.search(Search(NOW - 60, NOW, "jobs")).traces == []


@pytest.mark.parametrize("more", [{"warnings": ["cut at 2 of 9 traces"]}, {}])
def test_a_cut_answer_says_so(client: JaegerClient, server: RecordedServer, more: dict[str, object]) -> None:
    server.reply("/api/traces", {**answer(checkout(), checkout(OTHER_ID)), **more})

    found = client.search(Search(NOW - 60, NOW, limit=2 if more else 1))

    assert found.cut.startswith(f"cut at {len(found.traces)} traces; narrow with --since")


def test_a_cut_trace_says_so(client: JaegerClient, server: RecordedServer) -> None:
    server.reply(f"/api/traces/{TRACE_ID}", answer({**checkout(), "warnings": ["cut at 6 spans"]}))

    assert client.trace(TRACE_ID, start=0, end=NOW).cut == "cut at 6 spans"


def test_every_condition_reaches_jaeger_in_its_own_units(client: JaegerClient, server: RecordedServer) -> None:
    client.search(Search(NOW - 60, NOW, "risk", "POST /assessments", min_duration=0.5, errors=True, limit=7))

    (params,) = asked(server)
    assert params["service"] == "risk"
    assert params["operationPart"] == "POST /assessments"
    assert params["minDuration"] == "500000us"
    assert json.loads(params["tags"]) == {"error": "true"}
    assert (params["start"], params["end"], params["limit"]) == ("1760000040000000", "1760000100000000", "107")


def test_a_list_of_traces_is_asked_for_without_what_it_does_not_show(
    client: JaegerClient, server: RecordedServer
) -> None:
    client.search(Search(NOW - 60, NOW))
    client.search(Search(NOW - 60, NOW, brief=True))
    assert [params.get("brief") for params in asked(server)] == [None, "true"]


def test_conditions_that_are_not_set_are_not_sent(client: JaegerClient, server: RecordedServer) -> None:
    client.search(Search(NOW - 60, NOW, "risk"))

    assert set(asked(server)[0]) == {"service", "start", "end", "limit"}


def test_the_limit_holds_over_all_services(client: JaegerClient) -> None:
    assert len(client.search(Search(NOW - 60, NOW, limit=1)).traces) == 1


def test_an_unknown_service_gets_the_nearest(client: JaegerClient) -> None:
    with pytest.raises(NotFoundError) as caught:
        client.search(Search(NOW - 60, NOW, "gatway"))

    assert caught.value.near == "gateway"


def test_a_whole_id_is_fetched_at_once(client: JaegerClient, server: RecordedServer) -> None:
    assert client.trace(TRACE_ID.upper(), start=0, end=NOW).id == TRACE_ID
    assert not asked(server)


def test_a_prefix_of_one_trace_is_enough(client: JaegerClient) -> None:
    assert client.trace("4bf92", start=0, end=NOW).id == TRACE_ID


def test_a_prefix_of_two_traces_is_ambiguous(client: JaegerClient) -> None:
    with pytest.raises(LookupFailedError, match="2 traces begin with '4bf9'") as caught:
        client.trace("4bf9", start=0, end=NOW)

    assert OTHER_ID in caught.value.expected


@pytest.mark.parametrize("wanted", ["ffff", "f" * 32])
def test_an_id_that_is_not_kept_says_where_to_look(client: JaegerClient, server: RecordedServer, wanted: str) -> None:
    server.reply(f"/api/traces/{wanted}", NOT_FOUND, status=404)

    with pytest.raises(LookupFailedError, match=f"no trace has the id '{wanted}'") as caught:
        client.trace(wanted, start=0, end=NOW)

    assert "labctl traces" in caught.value.todo


def test_an_empty_answer_is_no_trace_either(client: JaegerClient, server: RecordedServer) -> None:
    server.reply("/api/traces/" + "e" * 32, answer())

    with pytest.raises(LookupFailedError, match="no trace"):
        client.trace("e" * 32, start=0, end=NOW)


def test_another_refusal_is_passed_on(client: JaegerClient, server: RecordedServer) -> None:
    server.reply("/api/traces/" + "e" * 32, {"errors": [{"code": 500, "msg": "database is locked"}]}, status=500)

    with pytest.raises(LookupFailedError, match="database is locked"):
        client.trace("e" * 32, start=0, end=NOW)


@pytest.mark.parametrize("text", ["", "xyz", "4bf92f/../x", "a" * 33, "４bf9"])  # noqa: RUF001
def test_what_is_no_id_never_reaches_the_server(client: JaegerClient, server: RecordedServer, text: str) -> None:
    with pytest.raises(InputError, match="not a trace id"):
        client.trace(text, start=0, end=NOW)

    assert not server.requests


def test_dependencies_are_asked_in_milliseconds(client: JaegerClient, server: RecordedServer) -> None:
    server.reply("/api/dependencies", answer({"parent": "payments", "child": "risk", "callCount": 12}))

    assert client.dependencies(NOW - 60, NOW) == [Dependency("payments", "risk", 12)]
    assert server.requests[0].params == {"endTs": "1760000100000", "lookback": "60000"}
