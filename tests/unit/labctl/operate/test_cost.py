from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.base.errors import EngineError
from labctl.docker.docker import Container, Docker
from labctl.operate.cost import Cost, by_service, together
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_lab import make_container


def there(daemon: FakeDaemon, *containers: Container) -> list[Container]:
    daemon.containers.update({each.id: each for each in containers})
    return list(containers)


def test_each_service_of_each_lab_has_its_cost(fake_daemon: FakeDaemon) -> None:
    found = there(
        fake_daemon,
        *(replace(make_container("risk"), id="one"), replace(make_container("risk"), id="two")),
        replace(make_container("risk", "labctl-b"), id="other"),
    )
    fake_daemon.used.update({"one": (50e6, 0.1), "two": (60e6, 0.2), "other": (70e6, 0.4)})
    costs = by_service(Docker(), found)
    assert costs["labctl-lab", "risk"].memory_mb == pytest.approx(110)
    assert costs["labctl-lab", "risk"].cores == pytest.approx(0.3)
    assert costs["labctl-b", "risk"].cores == pytest.approx(0.4)
    assert together(costs.values()).memory_mb == pytest.approx(180)


def test_what_is_paused_keeps_its_memory_and_what_has_ended_has_none(fake_daemon: FakeDaemon) -> None:
    found = there(fake_daemon, make_container("risk", state="paused"), make_container("clients", state="exited"))
    fake_daemon.used["id-risk"] = (50e6, 0.0)
    assert by_service(Docker(), found) == {("labctl-lab", "risk"): Cost(50, 0)}


def test_a_container_that_goes_meanwhile_is_left_out(fake_daemon: FakeDaemon) -> None:
    found = there(fake_daemon, make_container("risk"), make_container("gateway"))
    del fake_daemon.containers["id-risk"]
    assert set(by_service(Docker(), found)) == {("labctl-lab", "gateway")}


def test_a_daemon_that_does_not_answer_is_no_cost_of_zero() -> None:
    with pytest.raises(EngineError):
        by_service(Docker(), [make_container("risk")])


def test_nothing_costs_nothing() -> None:
    assert together([]) == Cost(0, 0)
