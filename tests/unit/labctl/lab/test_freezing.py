"""Freezing and thawing against an engine in memory: the order of things, and what is left when one is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import NotFoundError
from labctl.docker import readiness
from labctl.lab import freezing
from labctl.lab.freezing import COLD_S, freeze, thaw
from labctl.lab.stack import Stack
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_engine import FakeDocker

SERVICES = ("postgres", "risk", "gateway", "clients")


@pytest.fixture
def docker(fake_daemon: FakeDaemon) -> FakeDocker:
    return FakeDocker(daemon=fake_daemon)


@pytest.fixture
def stack(docker: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr(freezing, "pause", lambda seconds: docker.events.append(f"wait {seconds}"))
    monkeypatch.setattr(readiness, "wait_for", lambda _docker, one: docker.events.append(f"await {one.service}"))
    made = Stack("labctl-one", tmp_path, docker=docker)
    for service in SERVICES:
        docker.add(made.project, service, "running")
    docker.events.clear()
    return made


def states(stack: Stack) -> dict[str, str]:
    return {each.service: each.state for each in stack.ps()}


FROZEN = {"postgres": "paused", "risk": "paused", "gateway": "paused", "clients": "exited"}
RUNNING = dict.fromkeys(SERVICES, "running")


def test_the_load_ends_first_and_masters_are_stopped_before_their_workers(stack: Stack, docker: FakeDocker) -> None:
    freeze(stack)
    assert docker.events == [
        "stop clients",
        f"wait {freezing.IN_FLIGHT_S}",
        *("--signal=STOP risk", "--signal=STOP gateway"),
        *("pause postgres", "pause risk", "pause gateway"),
    ]
    assert states(stack) == FROZEN


def test_workers_tell_that_they_live_before_their_masters_look(stack: Stack, docker: FakeDocker) -> None:
    freeze(stack)
    docker.events.clear()
    thaw(stack, 60)
    assert docker.events == [
        *("unpause postgres", "unpause risk", "unpause gateway"),
        f"wait {freezing.BEAT_S}",
        *("--signal=CONT risk", "--signal=CONT gateway"),
        *("start clients", "await gateway"),
    ]
    assert states(stack) == RUNNING


def test_both_are_harmless_twice(stack: Stack, docker: FakeDocker) -> None:
    freeze(stack)
    freeze(stack)
    assert states(stack) == FROZEN
    thaw(stack, 60)
    docker.events.clear()
    thaw(stack, 60)
    assert docker.events == ["--signal=CONT risk", "--signal=CONT gateway", "--signal=CONT clients", "await gateway"]
    assert states(stack) == RUNNING


@pytest.mark.parametrize("done", ["stop", "--signal", "pause postgres"])
def test_what_a_killed_pause_left_is_resumed_and_paused_again(
    stack: Stack, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch, done: str
) -> None:
    class KilledError(Exception):
        pass

    original = FakeDocker._freeze

    def killed(self: FakeDocker, container: str, how: str) -> None:
        if done != "pause postgres" or self.known[container].service != "postgres":
            raise KilledError
        original(self, container, how)

    monkeypatch.setattr(FakeDocker, "_freeze", killed)
    with pytest.raises(KilledError):
        freeze(stack)
    monkeypatch.setattr(FakeDocker, "_freeze", original)
    freeze(stack)
    assert states(stack) == FROZEN
    docker.events.clear()
    thaw(stack, 60)
    assert states(stack) == RUNNING
    assert {"--signal=CONT risk", "--signal=CONT gateway"} <= set(docker.events)


def test_after_long_the_cache_is_filled_anew(stack: Stack, docker: FakeDocker) -> None:
    freeze(stack)
    docker.events.clear()
    thaw(stack, COLD_S + 1)
    (restarted,) = [at for at, each in enumerate(docker.events) if each.startswith("restart")]
    assert restarted < docker.events.index("start clients")
    docker.events.clear()
    thaw(stack, COLD_S + 1)
    assert not any(each.startswith("restart") for each in docker.events), "it did not stand still"


def test_a_lab_without_containers_is_not_frozen_and_cannot_be_thawed(stack: Stack, docker: FakeDocker) -> None:
    docker.remove(*(each.id for each in stack.ps()))
    freeze(stack)
    with pytest.raises(NotFoundError, match="gateway"):
        thaw(stack, 60)
