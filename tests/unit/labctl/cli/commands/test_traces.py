from __future__ import annotations

import pytest

from labctl.base.times import local_time_ms
from tests.support.jaeger_answers import TRACE_ID, answer, checkout
from tests.support.looking import Looking


@pytest.fixture
def stored(looking: Looking) -> Looking:
    looking.server.reply("/api/services", answer("gateway"))
    looking.server.reply("/api/traces", answer(checkout()))
    return looking


def test_a_trace_is_a_row_with_its_root_services_and_errors(stored: Looking) -> None:
    header, row = stored.run("traces").out.splitlines()

    assert header.split() == ["START", "DURATION", "OPERATION", "SERVICES", "SPANS", "ERRORS", "ID"]
    assert row.split("  ")[0] == local_time_ms(1760000000.0)
    assert "620 ms  gateway: POST /v1/checkouts  gateway 2, payments 3, risk 1" in row
    assert row.endswith(TRACE_ID[:16])


def test_json_has_the_whole_id_and_seconds(stored: Looking) -> None:
    (trace,) = stored.run("traces", "--json").json["traces"]

    assert trace == {
        "id": TRACE_ID,
        "start": "2025-10-09T08:53:20.000Z",
        "duration_s": 0.62,
        "service": "gateway",
        "operation": "POST /v1/checkouts",
        "services": {"gateway": 2, "payments": 3, "risk": 1},
        "spans": 6,
        "errors": 1,
    }


def test_every_condition_is_asked_and_recorded(stored: Looking) -> None:
    words = [
        "--service",
        "gateway",
        "--operation",
        "POST",
        "--min-ms",
        "500",
        "--errors",
        "--since",
        "1h",
        "--limit",
        "3",
    ]

    stored.run("traces", *words)

    params = stored.server.requests[-1].params
    assert (params["service"], params["operationPart"], params["minDuration"], params["limit"]) == (
        "gateway",
        "POST",
        "500000us",
        "103",
    )
    assert stored.journal == [
        {
            "command": "traces",
            "service": "gateway",
            "operation": "POST",
            "min_ms": 500,
            "errors": True,
            "since": "1h",
        }
    ]


def test_nothing_found_and_a_full_page_are_said(stored: Looking) -> None:
    stored.server.reply("/api/traces", answer(checkout(), checkout("a" * 32)))

    assert "the newest 1; cut at 1 traces; narrow with --since" in stored.run("traces", "--limit", "1").err
    assert stored.run("traces", "--limit", "1", "--json").json["cut"].startswith("cut at 1 traces; narrow with")
    assert stored.run("traces", "--limit", "2", "--json").json["cut"] == ""

    stored.server.reply("/api/traces", answer())

    assert "no trace matches" in stored.run("traces").err


def test_names_from_outside_are_shown_as_they_are(stored: Looking) -> None:
    document = checkout()
    document["spans"][0]["operationName"] = "[bold]\x1b[31m GET"
    stored.server.reply("/api/traces", answer(document))

    assert "gateway: [bold]\\x1b[31m GET" in stored.run("traces").out


@pytest.mark.parametrize("words", [["--min-ms", "-5"], ["--min-ms", "nan"], ["--since", "x"], ["--limit", "0"]])
def test_bad_input_is_a_usage_error(looking: Looking, words: list[str]) -> None:
    assert looking.run("traces", *words).code == 2
    assert not looking.server.requests


def test_an_unknown_service_gets_the_nearest(stored: Looking) -> None:
    shown = stored.run("traces", "--service", "gatway")

    assert shown.code == 1
    assert "did you mean 'gateway'?" in shown.err


def test_at_60_columns_ids_are_whole(stored: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = stored.run("traces").out.splitlines()
    assert any("4bf92f3577b34da6" in line for line in lines)
    assert max(map(len, lines)) <= 60
