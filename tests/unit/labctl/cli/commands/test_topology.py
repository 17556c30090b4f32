from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.model.incident import Page, Status
from labctl.model.incident_document import to_document
from labctl.play import incidents
from tests.support.example_incident import solved
from tests.support.jaeger_answers import answer
from tests.support.looking import Looking

NOW = 1_760_000_000.0


def reply_with_one_edge(looking: Looking) -> None:
    """Answer every query with one series from payments to risk."""
    result = [{"metric": {"job": "payments", "server_address": "risk"}, "value": [1, "0.5"]}]
    looking.server.reply("/api/v1/query", {"status": "success", "data": {"resultType": "vector", "result": result}})
    looking.server.reply("/api/dependencies", answer({"parent": "payments", "child": "risk", "callCount": 12}))


def test_the_architecture_is_a_tree_with_figures_on_its_branches(looking: Looking) -> None:
    reply_with_one_edge(looking)

    lines = looking.run("topology").out.splitlines()

    assert lines[0].split() == ["COMPONENT", "VIA", "CALLS/S", "ERRORS", "P95", "TRACED", "CALLS"]
    assert lines[1].strip() == "clients"
    risk = next(line for line in lines if "risk" in line)
    assert risk.split() == ["├─", "risk", "HTTP", "0.5", "0.00%", "500", "ms", "12"]


def test_json_has_every_edge_and_null_for_what_nothing_tells(looking: Looking) -> None:
    reply_with_one_edge(looking)

    shown = looking.run("topology", "--window", "30s", "--json").json

    edges = {(edge["caller"], edge["callee"]): edge for edge in shown["edges"]}
    assert shown["window_s"] == 30
    assert edges["payments", "risk"]["traced_calls"] == 12
    assert edges["jobs", "postgres"]["rate"] is None
    assert looking.journal == [{"command": "topology", "window": "30s"}]


@pytest.mark.parametrize(
    ("age_s", "status", "seconds"),
    [(21.5, Status.OPEN, 22), (2.0, Status.OPEN, 10), (600.0, Status.OPEN, 60), (21.5, Status.SOLVED, 60)],
)
def test_what_was_before_an_open_incidents_page_is_left_out_and_nothing_dates_its_change(
    looking: Looking, monkeypatch: pytest.MonkeyPatch, age_s: float, status: Status, seconds: int
) -> None:
    reply_with_one_edge(looking)
    page = Page("CheckoutErrorRatioHigh", "Checkouts fail", "", NOW - age_s)
    incident = replace(solved(), injected_at=NOW - age_s - 13.0, page=page, status=status)
    looking.lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    monkeypatch.setattr("labctl.actions.topology.time.time", lambda: NOW)

    assert looking.run("topology", "--json").json["window_s"] == seconds
    (asked,) = (each.params for each in looking.server.requests if each.path == "/api/dependencies")
    assert asked["lookback"] == str(seconds * 1000)


def test_a_bad_window_is_a_usage_error(looking: Looking) -> None:
    assert looking.run("topology", "--window", "often").code == 2


def test_at_60_columns_the_tree_stays_whole(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    reply_with_one_edge(looking)
    wide = [line.split("  ")[0] for line in looking.run("topology").out.splitlines()]
    monkeypatch.setenv("COLUMNS", "60")
    lines = looking.run("topology").out.splitlines()
    assert len(lines) == len(wide)
    assert max(map(len, lines)) <= 60
    assert [line.split("  ")[0] for line in lines] == wide
