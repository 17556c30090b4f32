"""The whole loop on a real lab, through the command line: break, page, look, submit, debrief, heal.

While an incident is open, nothing that a learner can reach tells which fault it is, the state folder's files included.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from labctl.base.waiting import wait_until
from labctl.health import steady_state
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.lookups.traces import Search
from labctl.operate import injection
from tests.support import mortal, structure
from tests.support.command_line import CommandLine
from tests.support.dating import dating
from tests.support.leaks import HIDDEN, HIDDEN_BY, PLAYED, findings, told_by_shape
from tests.support.structure import Picture

pytestmark = pytest.mark.lab

FAULT = PLAYED
MISSES = 'promql:sum(rate(cache_requests_total{job="risk",cache_result="miss"}[20s]))'
WRONG = ("--component", "postgres", "--trigger", "dependency-degradation", "--mechanism", "slow-dependency")
RIGHT = ("--component", "risk", "--trigger", "configuration-change", "--mechanism", "cache-lifetime-too-short")
IMPACT = ("--impact", "some-checkouts-fail")
SECRETS = (FAULT, FAULT.replace("-", "_"), "CACHE_TTL", "cache lifetime")


@pytest.fixture
def labctl(mended_lab: Lab) -> CommandLine:
    """A command line on a healthy lab without an incident."""
    steady_state.wait(mended_lab.metrics, mended_lab.rps)
    return CommandLine(mended_lab.name)


def _require_no_leak(
    lab: Lab, labctl: CommandLine, since: float, shape: Picture, broken: CompletedProcess[str]
) -> None:
    """Check that nothing a learner can reach names the fault of the open incident, or tells."""
    status = labctl.run("status")
    said = {"labctl break": broken, "labctl status": status}
    assert findings(lab, since, *((what, done.stdout + done.stderr) for what, done in said.items())) == []
    assert told_by_shape(lab, shape, since) == []
    assert dating(lab) == []


def test_an_incident_from_the_page_to_the_debrief(running_lab: Lab, labctl: CommandLine, tmp_path: Path) -> None:
    lab = running_lab
    before, shape, since = fingerprint.take(lab), structure.take(lab), time.time()
    broken = labctl.run("break", FAULT)
    assert broken.returncode == 0, broken.stderr
    assert "PAGE" in broken.stdout
    assert not any(secret in broken.stdout + broken.stderr for secret in SECRETS)
    assert labctl.json("page")["status"] == "open"
    own = labctl.json("try", "checkout")["trace_id"]
    _require_no_leak(lab, labctl, since, shape, broken)

    assert labctl.run("break", FAULT).returncode == 1
    assert labctl.run("debrief").returncode == 1
    misspelt = labctl.run("submit", *RIGHT[:-1], "cache-lifetime-to-short", *IMPACT)
    assert misspelt.returncode == 1
    assert "did you mean 'cache-lifetime-too-short'?" in misspelt.stderr
    refused = labctl.run("submit", *RIGHT, *IMPACT, "--evidence", "promql:sum(rate(")
    assert refused.returncode == 1
    assert "parse error" in refused.stderr
    assert labctl.json("page")["wrong_submissions"] == 0

    wrong = labctl.json("submit", *WRONG, *IMPACT)
    assert (wrong["verdict"], wrong["attempts_left"]) == ("wrong", 4)

    labctl.run("metrics", "sum(rate(cache_requests_total[20s]))")
    wait_until(lambda: _is_no_evidence(labctl, own), what="one's own trace, refused as evidence", timeout=30)
    right = labctl.json("submit", *RIGHT, *IMPACT, "--evidence", MISSES, "--evidence", f"trace:{_slow_trace(lab)}")
    assert (right["verdict"], right["status"]) == ("right", "solved")
    assert labctl.run("submit", *RIGHT, *IMPACT).returncode == 1

    _check_debrief(labctl, tmp_path / "postmortem.md")
    assert labctl.run("heal").returncode == 0
    assert labctl.json("debrief")["score"]["total"] == 90
    assert lab.configuration.settings("risk")["FEATURE_CACHE_TTL_SECONDS"] == "3600"
    assert fingerprint.leftovers(lab, before) == []


def _is_no_evidence(labctl: CommandLine, trace_id: str) -> bool:
    """Whether the trace of one's own request, once it is stored, is refused before anything is judged."""
    refused = labctl.run("submit", *RIGHT, *IMPACT, "--evidence", f"trace:{trace_id}")
    assert refused.returncode != 0, "a request of one's own would have been judged"
    return "of a request of your own" in refused.stderr


def _check_debrief(labctl: CommandLine, markdown: Path) -> None:
    wait_until(lambda: _whole(labctl.json("debrief")), what="a debrief with every link of the chain", timeout=60)
    told = labctl.json("debrief", "--markdown", str(markdown))
    assert told["fault"] == FAULT
    assert told["score"] == {"total": 90.0, "root_cause": 70.0, "impact": 15.0, "evidence": 15.0, "lost": 10.0}
    assert any("a query costs what it did" in each["why"] for each in told["wrong"])
    assert any(look["command"] == "metrics" for look in told["looked_at"])
    assert markdown.read_text().count("\n## ") == 5


def _whole(told: dict[str, Any]) -> bool:
    return all(link["onset_s"] is not None and link["curve"] for link in told["chain"])


def _slow_trace(lab: Lab) -> str:
    now = time.time()
    return lab.traces.search(Search(now - 60, now, service="risk", min_duration=0.15, limit=1)).traces[0].id


def test_giving_up_by_healing(running_lab: Lab, labctl: CommandLine) -> None:
    lab = running_lab
    before, shape, since = fingerprint.take(lab), structure.take(lab), time.time()
    broken = mortal.run("never", "break", *HIDDEN_BY, "--json", "--name", lab.name)
    assert broken.returncode == 0, broken.stderr
    assert injection.injected(lab) == [HIDDEN]
    assert not any(secret in broken.stdout for secret in SECRETS)
    _require_no_leak(lab, labctl, since, shape, broken)
    healed = labctl.json("heal")
    assert healed["given_up"] == json.loads(broken.stdout)["incident"]
    told = labctl.json("debrief")
    assert (told["status"], told["score"]["total"]) == ("given-up", 0)
    assert fingerprint.leftovers(lab, before) == []


def test_an_unknown_fault(running_lab: Lab) -> None:
    done = CommandLine(running_lab.name).run("break", "risk-cache-tll-cut")
    assert done.returncode == 1
    assert f"did you mean '{FAULT}'?" in done.stderr
    assert "Traceback" not in done.stderr
