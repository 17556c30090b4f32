from __future__ import annotations

import pytest

from labctl.base.times import local_time_ms
from tests.support.jaeger_answers import TRACE_ID
from tests.support.looking import Looking

QUERY = "/loki/api/v1/query_range"
AT_NS = 1_760_000_000_123_000_000


def lines(*entries: tuple[dict[str, str], str]) -> dict[str, object]:
    result = [
        {"stream": labels, "values": [[str(AT_NS + n * 1_000_000_000), text]]}
        for n, (labels, text) in enumerate(entries)
    ]
    return {"status": "success", "data": {"resultType": "streams", "result": result}}


LABELS = {"service_name": "risk", "level": "ERROR", "request_id": "r-1", "pool": "risk", "code_line_number": "7"}


def test_a_line_has_time_level_service_message_and_what_leads_on(looking: Looking) -> None:
    looking.server.reply(QUERY, lines((LABELS, "no connection came free in time")))

    shown = looking.run("logs")

    assert shown.out == (
        f"{local_time_ms(AT_NS / 1e9)} error   risk       no connection came free in time pool=risk request_id=r-1\n"
    )


def test_nothing_that_was_logged_controls_the_terminal(looking: Looking) -> None:
    looking.server.reply(QUERY, lines(({"service_name": "risk", "x": "[red]"}, "\x1b[2Jgone[/] \n2026 ERROR forged")))

    shown = looking.run("logs")

    assert "\\x1b[2Jgone[/] \\n2026 ERROR forged x=[red]" in shown.out
    assert len(shown.out.splitlines()) == 1


def test_long_lines_stay_whole_for_grep(looking: Looking) -> None:
    looking.server.reply(QUERY, lines((LABELS, "x" * 500)))

    assert len(looking.run("logs").out.splitlines()) == 1


def test_json_has_all_that_a_line_has(looking: Looking) -> None:
    looking.server.reply(QUERY, lines((LABELS, "slow")))

    answer = looking.run("logs", "--service", "risk", "--json").json

    assert answer["query"] == '{service_name="risk"}'
    (line,) = answer["lines"]
    assert line == {
        "at": "2025-10-09T08:53:20.123Z",
        "level": "error",
        "service": "risk",
        "message": "slow",
        "request_id": "r-1",
        "trace_id": "",
        "span_id": "",
        "attributes": {"pool": "risk", "code_line_number": "7"},
    }


def test_every_condition_is_asked_and_recorded(looking: Looking) -> None:
    looking.server.reply(QUERY, lines())

    looking.run("logs", "-s", "risk", "--grep", "time.*out", "--trace", TRACE_ID, "--since", "90s", "--limit", "7")

    (request,) = (each for each in looking.server.requests if each.path == QUERY)
    query = f'{{service_name="risk"}} |~ "time.*out" | trace_id="{TRACE_ID}"'
    assert (request.params["query"], request.params["limit"]) == (query, "7")
    assert int(request.params["end"]) - int(request.params["start"]) == pytest.approx(90e9, abs=1e4)
    asked = {"query": query, "since": "90s", "evidence": "log:{risk} time.*out"}
    assert looking.journal == [{"command": "logs", **asked}]


def test_the_beginning_of_a_trace_id_is_enough(looking: Looking) -> None:
    looking.server.reply(QUERY, lines(({**LABELS, "trace_id": TRACE_ID}, "x")))

    looking.run("logs", "--trace", "4bf92")

    assert f'trace_id="{TRACE_ID}"' in looking.server.requests[-1].params["query"]


def test_a_full_page_says_that_there_may_be_more(looking: Looking) -> None:
    looking.server.reply(QUERY, lines((LABELS, "a"), (LABELS, "b")))

    assert "the newest 2 lines" in looking.run("logs", "--limit", "2").err


def test_no_line_is_said(looking: Looking) -> None:
    looking.server.reply(QUERY, lines())

    assert "no log line matches" in looking.run("logs").err


def test_an_unknown_service_gets_the_nearest(looking: Looking) -> None:
    looking.server.reply(QUERY, lines())
    looking.server.reply("/loki/api/v1/label/service_name/values", {"status": "success", "data": ["gateway", "risk"]})

    shown = looking.run("logs", "--service", "gatway")

    assert shown.code == 1
    assert "did you mean 'gateway'?" in shown.err


def test_a_service_that_has_not_logged_yet_is_no_error(looking: Looking) -> None:
    looking.server.reply(QUERY, lines())
    looking.server.reply("/loki/api/v1/label/service_name/values", {"status": "success", "data": ["gateway"]})

    shown = looking.run("logs", "--service", "jobs")

    assert (shown.code, shown.out) == (0, "")
    assert "no log line matches" in shown.err


def test_a_level_is_asked_for_with_the_worse_ones(looking: Looking) -> None:
    looking.server.reply(QUERY, lines((LABELS, "x")))

    answer = looking.run("logs", "--service", "risk", "--level", "Warning", "--json").json

    assert answer["query"] == '{service_name="risk", level=~"warn|error|fatal"}'


def test_a_line_of_megabytes_is_not_shown_whole(looking: Looking) -> None:
    labels = {**LABELS, "service_name": "s" * 1_000_000, "stack": "a" * 1_000_000}
    looking.server.reply(QUERY, lines((labels, "x" * 7_000_000)))

    shown = looking.run("logs").out

    assert len(shown) < 10_000
    assert "(6,996,000 more characters)" in shown


def test_json_says_that_a_page_is_full(looking: Looking) -> None:
    looking.server.reply(QUERY, lines((LABELS, "a"), (LABELS, "b")))

    assert looking.run("logs", "--limit", "2", "--json").json["cut"].startswith("cut at 2 lines; narrow with")
    assert looking.run("logs", "--limit", "3", "--json").json["cut"] == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--level", "loud"], "'loud' is no level"),
        (["--grep", "("], "is not a regular expression"),
        (["--since", "yesterday"], "--since: 'yesterday' is not a duration"),
        (["--trace", "xyz"], "is not a trace id"),
        (["--grep", "\udcff"], "not valid UTF-8"),
    ],
)
def test_bad_input_says_what_is_expected_and_asks_nothing(looking: Looking, words: list[str], message: str) -> None:
    shown = looking.run("logs", *words)

    assert shown.code == 2
    assert message in shown.err
    assert not looking.server.requests
    assert looking.journal == []


def test_a_refusal_shows_loki_s_own_message(looking: Looking) -> None:
    looking.server.reply(QUERY, "query time range exceeds the limit\n", status=400)

    shown = looking.run("logs")

    assert shown.code == 1
    assert "query time range exceeds the limit" in shown.err
