from __future__ import annotations

import pytest

from labctl.actions.host_resources import HostResources, host_resources
from labctl.base.errors import HostError
from labctl.gameday import capacity
from labctl.gameday.capacity import MIB, cost_at

GIB = 2**30


def test_three_teams_fit_on_two_cores_and_8_gb() -> None:
    assert "2 cores hold" in capacity.require(3, 5, HostResources(2, 7 * GIB))


def test_memory_or_cores_are_the_limit_whichever_is_less() -> None:
    assert capacity.capacity(5, HostResources(2, None)).labs == capacity.capacity(5, HostResources(2, 900 * GIB)).labs
    assert capacity.capacity(5, HostResources(64, 2 * GIB)).labs == int(
        (2 * GIB / MIB - capacity.HUB_MIB) // cost_at(5).memory_mib
    )
    large = HostResources(2, 900 * GIB)
    assert capacity.capacity(20, large).labs < capacity.capacity(5, large).labs


def test_labs_that_run_already_need_no_more_memory() -> None:
    assert capacity.capacity(5, HostResources(64, GIB), running=4).labs == 5
    with pytest.raises(HostError, match="6 labs do not fit"):
        capacity.require(6, 5, HostResources(64, GIB), running=4)


def test_what_does_not_fit_is_refused_with_why_and_what_to_do() -> None:
    with pytest.raises(
        HostError, match=r"12 labs do not fit on this host: a lab at 5 requests/s takes \d+ MB"
    ) as caught:
        capacity.require(12, 5, HostResources(2, 24 * GIB))
    assert caught.value.expected.startswith("at most ")
    assert "fewer teams" in caught.value.todo


def test_it_asks_this_host() -> None:
    assert host_resources().cores >= 1
