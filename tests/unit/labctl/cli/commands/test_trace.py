from __future__ import annotations

import pytest

from labctl.cli.commands import trace
from tests.support.jaeger_answers import NOT_FOUND, TRACE_ID, answer, checkout
from tests.support.looking import Looking


@pytest.fixture
def stored(looking: Looking) -> Looking:
    looking.server.reply(f"/api/traces/{TRACE_ID}", answer(checkout()))
    looking.server.reply("/loki/api/v1/query_range", {"data": {"resultType": "streams", "result": []}})
    looking.server.reply("/api/services", answer("gateway"))
    looking.server.reply("/api/traces", answer(checkout()))
    return looking


def test_a_waterfall_has_a_row_per_span_with_its_place_in_time(stored: Looking) -> None:
    lines = stored.run("trace", TRACE_ID).out.splitlines()

    assert "620 ms, 6 spans, 1 failed" in lines[0]
    assert [line.split("  ")[0].rstrip() for line in lines[2:4]] == ["POST /v1/checkouts", "└─ POST"]
    assert lines[2].count("█") == 32
    failed = next(line for line in lines if "FAILED" in line)
    assert failed.count("█") == 10
    assert failed.rstrip().endswith("FAILED to=risk error=timeout message=timed out")


def test_the_beginning_of_an_id_is_enough(stored: Looking) -> None:
    assert stored.run("trace", TRACE_ID[:6]).out == stored.run("trace", TRACE_ID).out


def test_json_is_the_tree_with_everything(stored: Looking) -> None:
    answer = stored.run("trace", TRACE_ID, "--json").json

    assert (answer["id"], answer["duration_s"]) == (TRACE_ID, 0.62)
    assert [(span["id"], span["depth"]) for span in answer["spans"]] == [
        ("a1", 0),
        ("b1", 1),
        ("b2", 2),
        ("c1", 3),
        ("d1", 4),
        ("c2", 3),
    ]
    attempt = answer["spans"][3]
    assert attempt["error"] is True
    assert attempt["attributes"]["error.type"] == "timeout"
    assert attempt["events"] == [{"at": "2025-10-09T08:53:20.206Z", "attributes": {"exception.message": "timed out"}}]


def test_a_very_long_trace_is_bounded_with_a_note(stored: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "MOST_ROWS", 2)

    shown = stored.run("trace", TRACE_ID)

    assert len(shown.out.splitlines()) == 4
    assert "the first 2 of 6 spans" in shown.err


def test_what_services_put_into_spans_is_shown_as_it_is(stored: Looking) -> None:
    document = checkout()
    document["spans"][0]["operationName"] = "[red]\x1b]0;title\x07"
    document["spans"][0]["tags"] = [{"key": "http.route", "type": "string", "value": "/[x]\n\x1b[1m"}]
    stored.server.reply(f"/api/traces/{TRACE_ID}", answer(document))

    shown = stored.run("trace", TRACE_ID)

    assert "[red]\\x1b]0;title\\x07" in shown.out
    assert "route=/[x]\\n\\x1b[1m" in shown.out


def test_an_id_that_is_not_kept_says_where_to_look(looking: Looking) -> None:
    looking.server.reply("/api/traces/" + "f" * 32, NOT_FOUND, status=404)

    shown = looking.run("trace", "f" * 32)

    assert shown.code == 1
    assert "labctl traces" in shown.err
    assert looking.journal == [{"command": "trace", "id": "f" * 32}]


@pytest.mark.parametrize("text", ["zzz", "\udcff"])
def test_what_is_no_id_is_a_usage_error(looking: Looking, text: str) -> None:
    shown = looking.run("trace", text)

    assert shown.code == 2
    assert "hexadecimal" in shown.err
