from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.docker import helper
from labctl.health import kept
from labctl.images import build_settings
from labctl.lab import lab as lab_module
from labctl.lab.calibration import REFERENCE_SCAN_MS, Calibration
from labctl.lab.lab import Lab
from labctl.lookups.prometheus import PrometheusClient
from labctl.operate import host
from labctl.operate.diagnosis import Finding, diagnose
from labctl.operate.host import GIB, Room
from labctl.state.locking import locked
from labctl.state.store import Ports
from tests.support.catalogue import FAULTS
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_engine import FakeDocker
from tests.support.fake_lab import FakeStack, make_container, make_lab

DOCKER = """
case "$*" in
  *Client.Version*) echo 28.2.2 ;;
  "compose version --short") echo 2.26.1 ;;
esac
"""


@pytest.fixture(autouse=True)
def programs(
    fake_program: Callable[[str, str], object], fake_daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program("docker", DOCKER)
    monkeypatch.setattr(host, "room", lambda *_: Room(50 * GIB, 8 * GIB))


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    monkeypatch.setattr(lab_module, "Stack", lambda _project, _folder: stack)
    return lab, stack


def wrong() -> list[Finding]:
    return [each for each in diagnose() if not each.ok]


def test_a_host_without_anything_wrong() -> None:
    findings = {each.what: each for each in diagnose()}
    assert [each for each in findings.values() if not each.ok] == []
    assert findings["Docker"].found == "client 28.2.2, daemon 20.10.24"
    assert findings["compose"].found == "docker compose 2.26.1 (tested)"
    assert findings["labs"].found == "none"
    assert findings["disk"].found == "50.0 GB free"


def test_a_healthy_lab_is_named_and_right(made: tuple[Lab, FakeStack]) -> None:
    assert wrong() == []
    assert next(each for each in diagnose() if each.what == "labs").found == "lab"


def test_docker_stopped_is_said_with_what_to_do(fake_program: Callable[[str, str], object]) -> None:
    fake_program("docker", "echo 'Cannot connect to the Docker daemon. Is the docker daemon running?' >&2; exit 1")
    fake_program("docker-compose", "echo 1.29.2")
    found = {each.what: each for each in wrong()}
    assert found["Docker"].found == "the Docker daemon does not answer"
    assert "labctl setup" in found["Docker"].todo
    assert "compose" not in found


def test_no_compose_at_all(fake_program: Callable[[str, str], object]) -> None:
    fake_program("docker", DOCKER.replace("2.26.1", "1.28.0"))
    fake_program("docker-compose", "exit 1")
    assert [each.what for each in wrong()] == ["compose"]


def test_a_compose_that_was_not_tested_is_said_and_no_fault(fake_program: Callable[[str, str], object]) -> None:
    fake_program("docker", DOCKER.replace("2.26.1", "2.40.0"))
    found = next(each for each in diagnose() if each.what == "compose")
    assert found.ok
    assert "not tested" in found.found


def test_too_little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "room", lambda *_: Room(GIB, None))
    assert [(each.what, each.found) for each in wrong()] == [("disk", "1.0 GB free")]


def test_state_that_others_can_read() -> None:
    paths.state_root().chmod(0o755)
    (found,) = wrong()
    assert (found.what, found.todo) == ("privacy", f"chmod 700 {paths.state_root()}")


def test_sources_that_are_not_all_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compose").mkdir()
    monkeypatch.setattr(paths, "bundle_root", lambda: tmp_path)
    (found,) = wrong()
    assert found.found == f"missing in {tmp_path}: services, loadgen, requirements"


def test_no_certificates_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_settings, "ca_bundle", lambda: b"")
    (found,) = wrong()
    assert found.what == "downloads"
    assert "ca-certificates" in found.todo


def test_the_proxy_that_downloads_go_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@proxy:3128")
    found = next(each for each in diagnose() if each.what == "downloads")
    assert "proxy from HTTPS_PROXY" in found.found
    assert "secret" not in found.found


def test_a_journal_that_was_changed(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.store.journal.append("page", {})
    with lab.store.database.writing() as connection:
        connection.execute("UPDATE journal SET kind = 'other'")
    (found,) = wrong()
    assert (found.what, found.found) == ("lab 'lab': journal", "changed at entry 0")


def test_a_document_that_was_put_back(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    for clock in (1, 2):
        lab.store.records.put("incident", "1", {"clock": clock})
    lab.store.documents.put("incident", "1", {"clock": 1})
    (found,) = wrong()
    assert (found.what, found.found) == ("lab 'lab': journal", "the incident 1 was changed")
    assert "don't trust its results" in found.todo


def test_a_head_that_is_missing(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.store.records.put("incident", "1", {"clock": 1})
    assert wrong() == []
    for each in paths.heads_dir().iterdir():
        each.unlink()
    (found,) = wrong()
    assert "outside of its state folder" in found.found
    assert found.found.endswith("is gone")


def test_an_interrupted_command_but_not_one_that_goes_on(made: tuple[Lab, FakeStack]) -> None:
    made[0].store.operations.begin("verify")
    (found,) = wrong()
    assert found.found == "'labctl verify' was interrupted"
    with locked("lab", "verify"):
        assert wrong() == []


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_a_port_that_something_else_took_but_not_the_labs_own(made: tuple[Lab, FakeStack], taken: int) -> None:
    lab, stack = made
    lab.store.save(replace(lab.record, ports=Ports(taken, 20001, 20002, 20003, 20004)))
    (found,) = wrong()
    assert found.found == f"taken by another program: {taken} (gateway)"
    stack.containers = [make_container("gateway")]
    assert wrong() == []


def test_damaged_state_is_a_finding_not_a_crash(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    for path in lab.folder.glob("state.db-*"):
        path.unlink()
    lab.store.database.path.write_text("not SQLite" * 100)
    (found,) = wrong()
    assert found.what == "lab 'lab'"
    assert "labctl down" in found.todo


def test_containers_of_labs_whose_state_is_not_here(made: tuple[Lab, FakeStack], fake_daemon: FakeDaemon) -> None:
    docker = FakeDocker(daemon=fake_daemon)
    for project in ("labctl-lab", "labctl-lab", "labctl-gone", "something-else"):
        docker.add(project, "risk")
    (found,) = wrong()
    assert found.what == "leftovers"
    assert "'gone'" in found.found
    assert "labctl down --name gone" in found.todo


def test_a_helper_that_a_killed_command_left(made: tuple[Lab, FakeStack], fake_daemon: FakeDaemon) -> None:
    fake_daemon.helpers["0123456789abcdef"] = f"{helper.LABEL}=labctl-lab"
    (found,) = wrong()
    assert found.found == "1 helper container of labctl"
    assert "docker rm --force 0123456789ab" in found.todo
    with locked("lab", "verify"):
        assert wrong() == [], "it is at work"


@pytest.mark.parametrize(
    ("speed", "ok", "said"),
    [
        (1.2, True, "all faults show"),
        (6.0, True, " would not show"),
        (0.1, False, " would not show"),
    ],
)
def test_how_fast_the_host_is_and_what_it_does_not_show(
    made: tuple[Lab, FakeStack], speed: float, ok: bool, said: str
) -> None:
    lab, _ = made
    measured = Calibration(REFERENCE_SCAN_MS / speed, 1.0, 10.0)
    lab.store.save(replace(lab.record, calibration=measured.document()))
    finding = next(each for each in diagnose() if each.what == "lab 'lab': speed")
    assert finding.ok is ok
    assert f"{speed:.2f} times the reference's" in finding.found
    assert said in finding.found
    assert not [fault.id for fault in FAULTS if fault.id in finding.found], "a learner reads it"


def test_a_host_that_was_not_measured_is_no_finding(made: tuple[Lab, FakeStack]) -> None:
    finding = next(each for each in diagnose() if each.what == "lab 'lab': speed")
    assert finding.ok
    assert "labctl up" in finding.found


def test_a_lab_whose_telemetry_loses_something_is_not_right(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, stack = made
    stack.containers = [make_container("telemetry"), make_container("prometheus")]
    monkeypatch.setattr(PrometheusClient, "scalar", lambda _self, query, _at=None: 1.0 if query == kept.LOST else 0.0)
    found = next(each for each in diagnose() if each.what == "lab 'lab': telemetry")
    assert not found.ok
    assert found.found.endswith("lost in the last 15m: 1")
    stack.containers = [make_container("telemetry")]
    assert not [each for each in diagnose() if each.what == "lab 'lab': telemetry"]
