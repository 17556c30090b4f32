from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from tests.support.looking import Looking

START = 1_760_000_000


def instant(*samples: tuple[dict[str, str], str]) -> dict[str, object]:
    result = [{"metric": labels, "value": [START, value]} for labels, value in samples]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def curves(*series: tuple[dict[str, str], list[str]]) -> dict[str, object]:
    result = [
        {"metric": labels, "values": [[START + n, value] for n, value in enumerate(values)]}
        for labels, values in series
    ]
    return {"status": "success", "data": {"resultType": "matrix", "result": result}}


def test_values_now_are_a_table(looking: Looking) -> None:
    looking.server.reply("/api/v1/query", instant(({"__name__": "up", "job": "risk"}, "1"), ({}, "0.123456789")))

    shown = looking.run("metrics", "up")

    assert shown.code == 0
    assert [line.split() for line in shown.out.splitlines()] == [
        ["SERIES", "VALUE"],
        ['up{job="risk"}', "1"],
        ["{}", "0.1235"],
    ]


def test_json_says_what_was_asked_and_when(looking: Looking) -> None:
    looking.server.reply("/api/v1/query", instant(({"job": "risk"}, "NaN"), ({"job": "jobs"}, "+Inf")))

    answer = looking.run("metrics", "up", "--json").json

    assert answer["query"] == "up"
    assert answer["at"].endswith("Z")
    assert answer["series"] == [
        {"labels": {"job": "risk"}, "value": "NaN"},
        {"labels": {"job": "jobs"}, "value": "+Inf"},
    ]


def test_a_range_is_drawn_and_summed_up(looking: Looking) -> None:
    looking.server.reply("/api/v1/query_range", curves(({"job": "risk"}, ["1", "3", "NaN", "2"])))

    shown = looking.run("metrics", "x", "--range", "5m")

    assert "┌" in shown.out
    assert [line.split() for line in shown.out.splitlines()[-2:]] == [
        ["SERIES", "MIN", "MEAN", "MAX", "LAST"],
        ["━", '{job="risk"}', "1", "2", "3", "2"],
    ]


def test_a_range_asks_for_as_many_points_as_a_plot_has_room_for(looking: Looking) -> None:
    looking.server.reply("/api/v1/query_range", curves())

    looking.run("metrics", "x", "--range", "1h")
    looking.run("metrics", "x", "--range", "5m", "--step", "30s")
    looking.run("metrics", "x", "--range", "10s")

    assert [request.params["step"] for request in looking.server.requests] == ["15.000", "30.000", "1.000"]


def test_a_range_as_json_has_every_point(looking: Looking) -> None:
    looking.server.reply("/api/v1/query_range", curves(({"job": "risk"}, ["1", "NaN"])))

    answer = looking.run("metrics", "x", "--range", "5m", "--json").json

    assert answer["step_s"] == 1
    assert answer["series"] == [
        {
            "labels": {"job": "risk"},
            "min": 1,
            "mean": 1,
            "max": 1,
            "last": 1,
            "points": [["2025-10-09T08:53:20.000Z", 1], ["2025-10-09T08:53:21.000Z", "NaN"]],
        }
    ]


def test_many_series_are_bounded_with_a_note(looking: Looking) -> None:
    many = [({"n": str(n)}, ["1", "2"]) for n in range(60)]
    looking.server.reply("/api/v1/query_range", curves(*many))
    looking.server.reply("/api/v1/query", instant(*((labels, "1") for labels, _ in many)))

    drawn, listed = looking.run("metrics", "x", "--range", "5m"), looking.run("metrics", "x")

    assert "the first 8 of 60 series" in drawn.err
    assert "the first 50 of 60 series" in listed.err
    assert len(listed.out.splitlines()) == 51


def test_no_data_is_said(looking: Looking) -> None:
    looking.server.reply("/api/v1/query", instant())

    shown = looking.run("metrics", "nothing")

    assert shown.code == 0
    assert "no data" in shown.err


def test_a_broken_query_shows_prometheus_s_own_message(looking: Looking) -> None:
    looking.server.reply("/api/v1/query", {"status": "error", "error": "1:4: parse error: unexpected end"}, status=400)

    shown = looking.run("metrics", "sum")

    assert shown.code == 1
    assert "1:4: parse error: unexpected end" in shown.err


@pytest.mark.parametrize("words", [["x", "--range", "5"], ["x", "--range", "5m", "--step", "often"], ["\udcff"]])
def test_what_no_lab_would_accept_is_a_usage_error_and_no_look_up(looking: Looking, words: list[str]) -> None:
    assert looking.run("metrics", *words).code == 2
    assert looking.journal == []


def test_a_lab_that_is_down_is_said_so(looking: Looking) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        record = looking.lab.record
        looking.lab.store.save(replace(record, ports=replace(record.ports, prometheus=unused.getsockname()[1])))
        shown = looking.run("metrics", "up")

    assert shown.code == 1
    assert "Prometheus is not answering" in shown.err
    assert "labctl up" in shown.err


def test_an_unknown_lab_gets_the_nearest(looking: Looking) -> None:
    shown = looking.run("metrics", "up", "--name", "lub")

    assert shown.code == 1
    assert "did you mean 'lab'?" in shown.err


def test_what_was_asked_is_in_the_journal_even_when_it_fails(looking: Looking) -> None:
    looking.run("metrics", "sum(", "--range", "5m")

    assert looking.journal == [{"command": "metrics", "query": "sum(", "range": "5m"}]
    assert looking.lab.store.journal.verify() is None
