"""The whole loop on a real lab, through the command line: break, page, look, submit, debrief, heal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab
from labctl.lookups.traces import Search
from tests.support.command_line import CommandLine

pytestmark = pytest.mark.lab

FAULT = "risk-cache-ttl-cut"
MISSES = 'promql:sum(rate(cache_requests_total{job="risk",cache_result="miss"}[20s]))'
WRONG = ("--component", "postgres", "--trigger", "dependency-degradation", "--mechanism", "slow-dependency")
RIGHT = ("--component", "risk", "--trigger", "configuration-change", "--mechanism", "cache-lifetime-too-short")
IMPACT = ("--impact", "some-checkouts-fail")
SECRETS = (FAULT, FAULT.replace("-", "_"), "CACHE_TTL", "cache lifetime")


@pytest.fixture
def labctl(lab: Lab) -> Iterator[CommandLine]:
    """A command line on a lab without an incident, and mended afterwards."""
    command_line = CommandLine(lab.name)
    assert command_line.run("heal").returncode == 0
    yield command_line
    assert command_line.run("heal").returncode == 0


def test_an_incident_from_the_page_to_the_debrief(lab: Lab, labctl: CommandLine, tmp_path: Path) -> None:
    broken = labctl.run("break", FAULT)
    assert broken.returncode == 0, broken.stderr
    assert "PAGE" in broken.stdout
    assert not any(secret in broken.stdout + broken.stderr for secret in SECRETS)
    assert labctl.json("page")["status"] == "open"

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
    right = labctl.json("submit", *RIGHT, *IMPACT, "--evidence", MISSES, "--evidence", f"trace:{_slow_trace(lab)}")
    assert (right["verdict"], right["status"]) == ("right", "solved")
    assert labctl.run("submit", *RIGHT, *IMPACT).returncode == 1

    _check_debrief(labctl, tmp_path / "postmortem.md")
    assert labctl.run("heal").returncode == 0
    assert labctl.json("debrief")["score"]["total"] == 90
    assert lab.configuration.settings("risk")["FEATURE_CACHE_TTL_SECONDS"] == "3600"


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
    return lab.traces.search(Search(now - 60, now, service="risk", min_duration=0.15, limit=1))[0].id


def test_giving_up_by_healing(labctl: CommandLine) -> None:
    hidden = labctl.json("break", "--seed", "1")
    assert not any(secret in str(hidden) for secret in SECRETS)
    healed = labctl.json("heal")
    assert healed["given_up"] == hidden["incident"]
    told = labctl.json("debrief")
    assert (told["status"], told["score"]["total"]) == ("given-up", 0)


def test_nothing_in_the_state_folder_names_the_fault(lab: Lab, labctl: CommandLine) -> None:
    labctl.json("break", FAULT)
    for path in lab.folder.rglob("*"):
        assert not path.is_file() or FAULT.encode() not in path.read_bytes()


def test_an_unknown_fault(labctl: CommandLine) -> None:
    done = labctl.run("break", "risk-cache-tll-cut")
    assert done.returncode == 1
    assert f"did you mean '{FAULT}'?" in done.stderr
    assert "Traceback" not in done.stderr
