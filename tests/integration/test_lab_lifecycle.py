"""Labs come up, are left alone, stand side by side, survive kill -9, and go without a trace."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from labctl.base import paths
from labctl.base.waiting import pause, wait_until
from labctl.docker.docker import Docker
from labctl.health import steady_state
from labctl.lab import fingerprint, undo
from labctl.lab.lab import Lab
from labctl.operate.launch import bring_up
from labctl.operate.plan import LabOptions
from labctl.operate.teardown import tear_down
from labctl.state.settings import read_lab_env
from tests.integration.conftest import SEED, SHARED
from tests.support import clients_seen
from tests.support.command_line import answer, run, start

pytestmark = [pytest.mark.lab, pytest.mark.small]

KEY, VALUE = "RISK_BACKOFF_MS", "35"
OTHER_RPS = 5.0
GUNICORN_S = 30.0
"""services/common/gunicorn_conf.py: timeout."""


def ids(lab: Lab) -> set[str]:
    return {container.id for container in lab.stack.ps()}


def networks(lab: Lab) -> set[str]:
    known = Docker().inspect(*ids(lab))
    return {network for each in known for network in each["NetworkSettings"]["Networks"]}


def volumes(lab: Lab) -> set[str]:
    return {mount["Name"] for each in Docker().inspect(*ids(lab)) for mount in each["Mounts"] if "Name" in mount}


def passwords(lab: Lab) -> set[str]:
    return {value for name, value in read_lab_env(lab.folder).items() if name.endswith("PASSWORD")}


def environment(lab: Lab, service: str) -> dict[str, str]:
    known = Docker().inspect(lab.stack.container(service).id)[0]
    return dict(line.split("=", 1) for line in known["Config"]["Env"])


def healthy(lab: Lab) -> dict[str, Any] | None:
    seen: dict[str, Any] = answer("status", "--name", lab.name)
    return seen if seen["healthy"] else None


def labelled(kind: str, lab: Lab) -> list[str]:
    wanted = f"label=com.docker.compose.project={lab.stack.project}"
    return Docker().run(kind, "ls", "--quiet", "--filter", wanted).split()


@pytest.fixture(scope="module")
def other_name(lab_state: Path) -> Iterator[str]:
    """The name of another lab, which is taken down when these tests are done."""
    name = f"{SHARED}-other"
    yield name
    tear_down(name)


@pytest.fixture
def other(other_name: str) -> Lab:
    """Another lab, at a small rate unless a test has changed that: brought up, if it isn't up already."""
    known = Lab(other_name).store.exists
    return bring_up(other_name, LabOptions() if known else LabOptions(rps=OTHER_RPS, seed=SEED)).lab


def test_an_up_that_is_killed_is_explained_and_finished_by_the_next(other_name: str) -> None:
    tear_down(other_name)
    killed = Lab(other_name)
    with start("up", "--name", killed.name, "--rps", f"{OTHER_RPS:g}", "--seed", str(SEED)) as process:
        wait_until(killed.stack.ps, what="the first containers", timeout=240, interval=0.05)
        os.kill(process.pid, signal.SIGKILL)
    seen = answer("status", "--name", killed.name)
    assert not seen["healthy"]
    assert "'labctl up'" in seen["interrupted"][0]
    done = run("up", "--no-colleagues", "--name", killed.name)
    assert done.returncode == 0, done.stderr
    assert "'labctl up'" in done.stderr
    assert answer("status", "--name", killed.name)["interrupted"] == []
    assert killed.store.journal.verify() is None


def used_cores(lab: Lab) -> float:
    listed = next(each for each in answer("ls")["labs"] if each["name"] == lab.name)
    return float(listed["cores"])


def test_a_paused_lab_uses_no_cpu_and_comes_back_as_it_was(other: Lab) -> None:
    before = {each.id: each.service for each in other.stack.ps()}
    assert answer("pause", "--name", other.name)["paused"]
    assert {each.state for each in other.stack.ps() if each.service != "clients"} == {"paused"}
    assert used_cores(other) < 0.005
    refused = run("metrics", "up", "--name", other.name)
    assert refused.returncode == 1
    assert f"labctl resume --name {other.name}" in refused.stderr
    # Longer than gunicorn's master waits for its worker's sign of life.
    pause(GUNICORN_S + 5)
    resumed = answer("resume", "--name", other.name)
    assert resumed["resumed"]
    assert all(each["holds"] for each in resumed["steady_state"])
    assert {each.id: each.service for each in other.stack.ps()} == before
    assert not any(each["RestartCount"] for each in Docker().inspect(*before)), "no worker was killed when it woke"


def test_a_paused_lab_goes_without_a_trace(other: Lab) -> None:
    assert answer("pause", "--name", other.name)["paused"]
    tear_down(other.name)
    assert labelled("container", other) == labelled("network", other) == []


def test_two_labs_side_by_side_share_nothing(running_lab: Lab, other: Lab) -> None:
    for ours, theirs in (
        (ids(running_lab), ids(other)),
        (networks(running_lab), networks(other)),
        (volumes(running_lab), volumes(other)),
        (passwords(running_lab), passwords(other)),
        ({running_lab.record.subnet}, {other.record.subnet}),
        (set(astuple(running_lab.record.ports)), set(astuple(other.record.ports))),
        ({running_lab.folder}, {other.folder}),
    ):
        assert ours
        assert theirs
        assert not ours & theirs


def test_another_rate_is_applied_and_ports_stay(other: Lab) -> None:
    ports = other.record.ports
    up = bring_up(other.name, LabOptions(rps=15))
    assert up.touched
    assert (other.rps, other.record.ports) == (15, ports)
    rate = next(each for each in up.readings if each.probe.name == "request rate")
    assert rate.value is not None
    assert 10 < rate.value < 20


def test_down_twice_leaves_no_trace_and_the_lab_beside_it_alone(running_lab: Lab, other: Lab) -> None:
    before = ids(running_lab)
    assert answer("down", "--name", other.name)["labs"][0]["removed"]
    assert other.stack.ps() == []
    assert labelled("network", other) == labelled("volume", other) == []
    assert not other.folder.exists()
    assert other.name not in paths.lab_names()
    assert not answer("down", "--name", other.name)["labs"][0]["removed"]
    assert ids(running_lab) == before
    steady_state.wait(running_lab.metrics, running_lab.rps)


def test_a_second_up_touches_nothing(calm_lab: Lab) -> None:
    lab = calm_lab
    before = ids(lab)
    again = answer("up", "--no-colleagues", "--name", lab.name)
    assert not again["started"]
    assert again["seconds"] < 10
    assert ids(lab) == before
    assert all(each["holds"] for each in again["steady_state"])


def test_status_and_doctor_find_a_healthy_lab(lab: Lab) -> None:
    # One bad second shows in one look, and is no trouble.
    seen = wait_until(lambda: healthy(lab), what="a status of a healthy lab", timeout=60)
    assert {each["state"] for each in seen["containers"]} == {"running"}
    assert (seen["pages"], seen["incident"], seen["interrupted"], seen["troubles"]) == ([], None, [], [])
    findings = run("doctor").stdout
    assert f"lab '{lab.name}': journal" in findings
    assert lab.store.journal.verify() is None


def test_heal_with_nothing_to_heal_touches_nothing(lab: Lab) -> None:
    before = ids(lab)
    healed = answer("heal", "--name", lab.name)
    assert (healed["healed"], healed["given_up"]) == (0, None)
    assert wait_until(lambda: healthy(lab), what="a status of a healthy lab", timeout=60)
    assert ids(lab) == before


def test_nothing_is_bound_to_other_than_loopback(lab: Lab) -> None:
    known = Docker().inspect(*ids(lab))
    bound = [one for each in known for ports in (each["HostConfig"]["PortBindings"] or {}).values() for one in ports]
    assert {one["HostIp"] for one in bound} == {"127.0.0.1"}
    published = {int(one["HostPort"]) for one in bound}
    assert published <= set(astuple(lab.record.ports))
    assert {"host"}.isdisjoint(each["HostConfig"]["NetworkMode"] for each in known)
    table = Path("/proc/net/tcp")
    if table.exists():
        listening = [line.split()[1].split(":") for line in table.read_text().splitlines()[1:] if " 0A " in line]
        assert {address for address, port in listening if int(port, 16) in published} <= {"0100007F"}


def test_state_is_its_owners_alone(lab: Lab) -> None:
    assert stat.S_IMODE(lab.folder.stat().st_mode) == 0o700
    for secret in ("lab.env", "state.db"):
        assert stat.S_IMODE((lab.folder / secret).stat().st_mode) == 0o600


def test_a_configuration_change_reaches_the_container_without_failed_checkouts(lab: Lab) -> None:
    shipped = lab.configuration.settings("payments")[KEY]
    failed = clients_seen.failures(lab, "checkout")
    change = lab.configuration.change(
        "payments", KEY, VALUE, author="a.silva", summary="Wait a little longer between tries"
    )
    try:
        assert environment(lab, "payments")[KEY] == VALUE
        assert change is not None
        assert f"-{KEY}={shipped}\n+{KEY}={VALUE}" in change.detail
    finally:
        assert undo.replay(lab) == 1
    assert environment(lab, "payments")[KEY] == shipped
    assert undo.replay(lab) == 0
    # At the clients nothing of it shows but what a healthy lab shows: about one failed checkout in a thousand.
    clients_seen.wait_for_more(lab, 40, "checkout")
    assert clients_seen.failures(lab, "checkout") - failed <= 1
    assert [each.component for each in lab.store.changes.list(since=change.at)] == ["payments", "payments"]


def test_a_stopped_container_is_seen_and_started_again(lab: Lab) -> None:
    before = fingerprint.take(lab)
    Docker().stop(lab.stack.container("jobs").id)
    seen = answer("status", "--name", lab.name)
    assert {each["service"] for each in seen["containers"] if each["state"] != "running"} == {"jobs"}
    assert answer("up", "--no-colleagues", "--name", lab.name)["started"]
    assert lab.stack.container("jobs").running
    assert fingerprint.leftovers(lab, before) == []
