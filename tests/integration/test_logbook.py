"""What a learner writes down, and how an incident ends by itself, on a real lab and through the command line."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.play import stored
from tests.support.command_line import CommandLine
from tests.support.leaks import PLAYED

pytestmark = pytest.mark.lab

RATE = 'sum by (outcome) (rate(client_request_duration_seconds_count{endpoint="checkout"}[20s]))'
MISSES = 'sum(rate(cache_requests_total{job="risk",cache_result="miss"}[20s]))'
WRONG = ("--component", "postgres", "--trigger", "dependency-degradation", "--mechanism", "slow-dependency")
IMPACT = ("--impact", "some-checkouts-fail")
MOMENT_S = 0.1


@pytest.fixture
def labctl(mended_lab: Lab) -> CommandLine:
    """A command line on a healthy lab without an incident."""
    steady_state.wait(mended_lab.metrics, mended_lab.rps)
    return CommandLine(mended_lab.name)


def test_an_incident_that_is_written_down_and_ends_at_its_limit(running_lab: Lab, labctl: CommandLine) -> None:
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

    _let_the_time_run_out(running_lab)
    assert labctl.json("page")["status"] == "timed-out"
    late = labctl.run("submit", *WRONG, *IMPACT)
    assert late.returncode == 1
    assert "is over: timed-out" in late.stderr
    told = labctl.json("debrief")
    assert (told["status"], told["score"]["total"], told["submissions"][0]["because"]) == ("timed-out", 0, "a guess")
    assert told["submissions"][0]["evidence"][0]["evidence"] == f"promql:{MISSES}"
    assert [each["text"] for each in told["notes"]] == ["misses come first"]
    assert labctl.json("journal", "verify")["sound"] is True


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
