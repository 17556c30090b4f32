"""What a learner writes down, how colleagues' changes lie around an incident, and how it ends by itself: on a real lab
and through the command line."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import pytest

from labctl.base.waiting import wait_until
from labctl.catalogue import catalogue
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.incident import Incident
from labctl.play import incidents, stored
from labctl.play.director.around import components
from tests.support.command_line import CommandLine
from tests.support.leaks import PLAYED

pytestmark = pytest.mark.lab

RATE = 'sum by (outcome) (rate(client_request_duration_seconds_count{endpoint="checkout"}[20s]))'
MISSES = 'sum(rate(cache_requests_total{job="risk",cache_result="miss"}[20s]))'
WRONG = ("--component", "postgres", "--trigger", "dependency-degradation", "--mechanism", "slow-dependency")
IMPACT = ("--impact", "some-checkouts-fail")
MOMENT_S = 0.1
FOLLOWS_S = 120.0


@pytest.fixture
def labctl(office: Lab) -> CommandLine:
    """A command line on a healthy lab with colleagues in it, without an incident."""
    steady_state.wait(office.metrics, office.rps)
    return CommandLine(office.name)


def test_an_incident_among_colleagues_that_is_written_down_and_ends_at_its_limit(
    office: Lab, labctl: CommandLine
) -> None:
    assert labctl.run("break", PLAYED, "--limit", "15m").returncode == 0
    page = labctl.json("page")
    assert 0 < page["left_s"] <= page["limit_s"] == 900
    assert page["page"]["service"] == "gateway"
    assert labctl.json("runbook")["alert"] == page["page"]["alert"]
    _follow(labctl, page["page"]["alert"])

    for query in (RATE, MISSES):
        labctl.run("metrics", query)
    found = {each["asked"]: each for each in labctl.json("lookups")["lookups"]}
    number = f"#{found[MISSES]['number']}"
    labctl.run("hypothesis", "add", "features expire too soon")
    supported = labctl.json("hypothesis", "support", "1", "--evidence", number)["hypotheses"][0]
    assert (supported["state"], supported["steps"][0]["evidence"]) == ("supported", [f"{number} metrics {MISSES}"])
    assert labctl.json("update", "some checkouts fail")["updates"][0]["late_s"] == 0
    labctl.run("note", "misses come first")
    wrong = labctl.json("submit", *WRONG, *IMPACT, "--evidence", number, "--because", "a guess")
    assert (wrong["verdict"], wrong["attempts_left"]) == ("wrong", 4)

    opened = incidents.require_open(office)
    _require_changes_around(office, opened)
    _let_the_time_run_out(office)
    assert labctl.json("page")["status"] == "timed-out"
    late = labctl.run("submit", *WRONG, *IMPACT)
    assert late.returncode == 1
    assert "is over: timed-out" in late.stderr
    told = labctl.json("debrief")
    assert (told["status"], told["score"]["total"], told["submissions"][0]["because"]) == ("timed-out", 0, "a guess")
    assert told["submissions"][0]["evidence"][0]["evidence"] == f"promql:{MISSES}"
    assert [each["text"] for each in told["notes"]] == ["misses come first"]
    assert labctl.json("journal", "verify")["sound"] is True
    labctl.run("heal")
    assert office.store.undo_log.entries() == []
    left = office.store.changes.list()
    assert all(each.at < opened.injected_at or each.kind in ("job", "traffic") for each in left)


def _require_changes_around(lab: Lab, incident: Incident) -> None:
    """Check that the fault's change is neither the newest one nor the only one on its component, page or no page."""
    assert incident.page is not None
    paged, injected = incident.page.at, incident.injected_at
    feed = [each for each in lab.store.changes.list(since=paged - 3600) if each.at <= paged]
    chain = components(catalogue.find(PLAYED))
    assert len(feed) >= 8
    assert sum(each.component in chain for each in feed) >= 2
    assert any(injected - 60 <= each.at < injected for each in feed)
    left = FOLLOWS_S - (time.time() - paged)
    wait_until(lambda: lab.store.changes.list(since=paged), what="a change after the page", timeout=left)


def _follow(labctl: CommandLine, alert: str) -> None:
    """Follow the pages until the first one is shown, and press Ctrl-C."""
    with labctl.start("page", "--follow") as process:
        assert process.stdout is not None
        assert any("FIRING" in line and alert in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130


def _let_the_time_run_out(lab: Lab) -> None:
    """Give the open incident a limit that has passed, as if fifteen minutes had."""
    incident = stored.latest(lab)
    assert incident is not None
    stored.save(lab, replace(incident, limit_s=MOMENT_S))
