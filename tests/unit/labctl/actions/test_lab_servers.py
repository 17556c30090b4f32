"""Where labs fit on a swarm, where they are, and what a host is told."""

from __future__ import annotations

import pytest

from labctl.actions import host_nodes, hosts, lab_servers
from labctl.actions.lab_servers import Placed
from labctl.base.errors import LabStateError, NotFoundError
from tests.support.fake_swarm import FakeSwarm, node, task

OURS = "of-this-labctl"


@pytest.fixture
def swarm(monkeypatch: pytest.MonkeyPatch) -> FakeSwarm:
    found = FakeSwarm(
        known=[
            node("one", images=OURS),
            node("two", images=OURS, availability="pause"),
            node("three", images="of-another"),
            node("four", images=OURS, state="down"),
        ],
        running=[task("day-blue", "one"), task("day-green", "two"), task("day-red", "two", "starting")],
    )
    monkeypatch.setattr(lab_servers, "node_label", lambda: OURS)
    for each in (lab_servers, host_nodes, hosts):
        monkeypatch.setattr(each, "Swarm", lambda: found)
    return found


def test_labs_fit_where_a_node_takes_them_and_has_these_images(swarm: FakeSwarm) -> None:
    before = lab_servers.room_left(5)
    assert before == {"one": 7}
    swarm.running.extend(task(f"day-{each}", "one") for each in range(6))
    assert lab_servers.room_left(5) == {"one": 1}


def test_a_host_that_manages_no_swarm_says_how_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_servers, "Swarm", lambda: FakeSwarm(manager=False))
    with pytest.raises(LabStateError, match="no manager of a swarm") as raised:
        lab_servers.room_left(5)
    assert "docker swarm init" in raised.value.todo


def test_where_labs_are_and_which_have_to_move(swarm: FakeSwarm) -> None:
    assert lab_servers.placed("day") == [
        Placed("day-blue", "one", "running", leaving=False),
        Placed("day-green", "two", "running", leaving=True),
        Placed("day-red", "two", "starting", leaving=True),
    ]


def test_the_hosts_are_listed_with_what_is_reserved_on_them(swarm: FakeSwarm) -> None:
    found = hosts.hosts(5).hosts
    assert [(each.name, each.state, each.labs, each.fits) for each in found] == [
        ("one", "ready", 1, 7),
        ("two", "draining", 2, 0),
        ("three", "unprepared", 0, 0),
        ("four", "down", 0, 0),
    ]
    assert (found[1].busy_cores, found[1].free_mb) == (0.44, 6380)


def test_a_host_is_emptied_and_taken_back(swarm: FakeSwarm) -> None:
    emptied = host_nodes.drain("two")
    assert (emptied.takes_labs, emptied.labs) == (False, ("day-green", "day-red"))
    assert host_nodes.activate("id-two").takes_labs
    assert swarm.done == ["id-two pause", "id-two active"]
    with pytest.raises(NotFoundError, match="five"):
        host_nodes.drain("five")
