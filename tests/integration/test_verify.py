"""Verification on a real lab: it passes, and whatever cuts it short, the lab is mended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from labctl.base.waiting import wait_until
from labctl.health import steady_state
from labctl.lab.lab import Lab
from tests.support.catalogue import FAULTS
from tests.support.command_line import CommandLine

pytestmark = pytest.mark.lab

FAULT = "risk-cache-ttl-cut"
LIFETIME = "FEATURE_CACHE_TTL_SECONDS"
ONE_OF_EACH_KIND = ("history-n-plus-one", "merchant-index-dropped", "risk-cpu-throttle")
"""A release, a migration, a limit: three doors to a lab. The whole catalogue takes a third of an hour: .ci/verify."""
SERIES_S = 15 * 60.0


@pytest.fixture
def labctl(lab: Lab) -> Iterator[CommandLine]:
    """A command line on a healthy lab, which has to be healthy afterwards too."""
    command_line = CommandLine(lab.name)
    assert command_line.run("heal").returncode == 0
    yield command_line
    assert command_line.run("heal").returncode == 0
    assert lab.configuration.settings("risk")[LIFETIME] == "3600"


@pytest.fixture
def command(request: pytest.FixtureRequest) -> str:
    """The command that injects: `verify`, unless a test asks for another."""
    return str(getattr(request, "param", "verify"))


@pytest.fixture
def injecting(lab: Lab, labctl: CommandLine, command: str) -> Iterator[subprocess.Popen[str]]:
    """A command that has just changed the configuration."""
    with labctl.start(command, FAULT) as process:
        wait_until(lambda: _changed(lab) or process.poll() is not None, what="the injection", timeout=120, interval=0.2)
        assert process.poll() is None, process.communicate()
        yield process


def _changed(lab: Lab) -> bool:
    return lab.configuration.settings("risk")[LIFETIME] != "3600"


@pytest.mark.timeout(SERIES_S + 60)
def test_faults_of_each_kind_pass_and_can_be_told_from_all_others(labctl: CommandLine, tmp_path: Path) -> None:
    records = Path(os.environ.get("LABCTL_RECORDS", tmp_path))
    records.mkdir(parents=True, exist_ok=True)
    written, junit, page = (records / f"verify.{kind}" for kind in ("json", "xml", "md"))
    files = ("--json", str(written), "--junit", str(junit), "--markdown", str(page))
    done = labctl.run("verify", *ONE_OF_EACH_KIND, *files, timeout=SERIES_S)
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads(written.read_text())
    assert document["outcome"] == "pass"
    ids = [fault.id for fault in FAULTS]
    assert [record["fault"] for record in document["records"]] == list(ONE_OF_EACH_KIND)
    for record in document["records"]:
        assert record["matrix"] == {each: "yes" if each == record["fault"] else "no" for each in ids}
        assert all(link["onset_s"] is not None for link in record["chain"])
        assert all(effect["value"] is not None for effect in record["effects"])
        assert {"gateway", "payments", "risk"} <= set(record["versions"])
    assert ET.fromstring(junit.read_text()).attrib["tests"] == str(len(ONE_OF_EACH_KIND))  # noqa: S314 - our own text


def test_ctrl_c_heals(lab: Lab, injecting: subprocess.Popen[str]) -> None:
    injecting.send_signal(signal.SIGINT)
    injecting.communicate(timeout=60)
    assert injecting.returncode == 130
    assert lab.configuration.settings("risk")[LIFETIME] == "3600"


@pytest.mark.parametrize("command", ["verify", "break"], indirect=True)
def test_a_killed_one_is_explained_and_mended_by_the_next_command(
    lab: Lab, labctl: CommandLine, command: str, injecting: subprocess.Popen[str]
) -> None:
    injecting.kill()
    injecting.communicate(timeout=60)
    assert lab.configuration.settings("risk")[LIFETIME] != "3600"
    done = labctl.run("heal")
    assert done.returncode == 0, done.stderr
    assert f"'labctl {command}'" in done.stderr
    assert "was interrupted" in done.stderr
    assert lab.configuration.settings("risk")[LIFETIME] == "3600"
    steady_state.wait(lab.metrics, lab.rps)


def test_an_unknown_fault(labctl: CommandLine) -> None:
    done = labctl.run("verify", "risk-cash-ttl-cut")
    assert done.returncode == 1
    assert f"did you mean '{FAULT}'?" in done.stderr
