"""Restarting a service where it is, and what a killed restart or roll-out leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from labctl.docker import compose, readiness
from labctl.lab.stack import STOP_GRACE, Stack
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_engine import FakeCompose, FakeDocker


@pytest.fixture
def docker(fake_daemon: FakeDaemon) -> FakeDocker:
    return FakeDocker(daemon=fake_daemon)


@pytest.fixture
def stack(docker: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    fake = FakeCompose(docker, ("risk", "gateway"))
    monkeypatch.setattr(compose, "preferred", lambda _: fake)
    monkeypatch.setattr(readiness, "SETTLED_AFTER", 0.0)
    (tmp_path / "lab.env").write_text("GATEWAY_PORT=20000\n")
    made = Stack("labctl-one", tmp_path, docker=docker)
    made.up()
    return made


def test_a_restart_keeps_the_container_and_waits_until_it_serves(stack: Stack, docker: FakeDocker) -> None:
    before = stack.ps()
    stack.restart("risk")
    assert f"restart -t {STOP_GRACE} {stack.container('risk').id}" in docker.events
    assert docker.events[-1] == "ask risk"
    assert stack.ps() == before


def test_one_container_that_does_not_run_is_started(stack: Stack, docker: FakeDocker) -> None:
    (only,) = stack.ps("risk")
    docker.daemon.containers[only.id] = type(only)(**{**vars(only), "state": "exited"})
    stack.mend("risk")
    assert [each.running for each in stack.ps("risk")] == [True]


def test_two_become_one(stack: Stack, docker: FakeDocker) -> None:
    docker.start(docker.add(stack.project, "risk").id)
    assert len(stack.ps("risk")) == 2
    stack.mend("risk")
    assert [each.running for each in stack.ps("risk")] == [True]


def test_what_is_whole_is_left_alone(stack: Stack, docker: FakeDocker) -> None:
    before = list(docker.events)
    stack.mend("risk")
    assert docker.events == before
