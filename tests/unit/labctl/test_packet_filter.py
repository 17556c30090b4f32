from __future__ import annotations

from pathlib import Path

import pytest

from labctl.errors import EngineError
from labctl.lab import Lab
from labctl.packet_filter import IMAGE
from tests.support.fake_host import HostState
from tests.support.fake_lab import FakeStack, make_container, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container(each) for each in ("risk", "redis", "payments")]
    return lab, stack


def test_packets_are_lost_between_two_services_and_nobody_tells(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.lose_packets("risk", "redis", 0.2)
    address = stack.docker.inspect("id-redis")[0]["NetworkSettings"]["Networks"]["lab_default"]["IPAddress"]
    assert stack.docker.seen() == HostState(rules={"id-risk": [address, "0.2"]})
    assert lab.store.changes.list() == []


def test_the_helper_joins_one_network_and_may_do_nothing_else(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.lose_packets("risk", "redis", 0.2)
    (command,) = stack.docker.commands
    assert command[:4] == ("run", "--rm", "--network", "container:id-risk")
    assert {"--cap-drop", "ALL", "NET_ADMIN", "--read-only", IMAGE} <= set(command)
    assert not {"--privileged", "--pid", "--volume"} & set(command)


def test_losing_more_replaces_the_rules_of_before(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.lose_packets("risk", "redis", 0.2)
    lab.lose_packets("risk", "redis", 0.3)
    assert stack.docker.seen().rules["id-risk"][1] == "0.3"
    lab.restore_packets("risk")
    assert stack.docker.seen() == HostState()


def test_a_loss_that_was_killed_half_way_is_mended(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.refuses.add("run")
    with pytest.raises(EngineError):
        lab.lose_packets("risk", "redis", 0.2)
    stack.docker.refuses.clear()
    stack.docker.state.rules["id-risk"] = ["half", "0.2"]
    lab.restore_packets("risk")
    assert stack.docker.seen() == HostState()


def test_a_container_that_is_gone_took_its_rules_along(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.lose_packets("risk", "redis", 0.2)
    stack.containers = [make_container("redis")]
    lab.restore_packets("risk")
    assert len(stack.docker.commands) == 1


def test_restoring_what_was_not_lost_touches_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.restore_packets("risk")
    assert stack.docker.commands == []
    assert lab.store.touched_at == 0
