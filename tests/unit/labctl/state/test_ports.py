from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import HostError
from labctl.state import ports
from labctl.state.store import Ports

LOOPBACK = "127.0.0.1"
some_ports = st.sets(st.integers(ports.FIRST, ports.LAST), max_size=200)


def free(_port: int) -> bool:
    return True


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as server:
        yield int(server.getsockname()[1])


def test_a_port_that_something_listens_on_is_not_free(listening: int) -> None:
    assert not ports.is_free(listening, LOOPBACK)


def test_a_port_is_free_again_when_its_server_is_gone() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = int(server.getsockname()[1])
    assert ports.is_free(port, LOOPBACK)


@given(some_ports, some_ports)
def test_chosen_ports_are_distinct_free_and_nobody_elses(reserved: set[int], taken: set[int]) -> None:
    chosen = astuple(ports.choose("lab", reserved, lambda port: port not in taken))
    assert len(set(chosen)) == len(ports.NAMES)
    assert not set(chosen) & (reserved | taken)
    assert all(ports.FIRST <= port <= ports.LAST for port in chosen)


def test_a_name_always_begins_at_the_same_place_and_names_differ() -> None:
    assert ports.choose("lab", (), free) == ports.choose("lab", (), free)
    assert ports.choose("lab", (), free) != ports.choose("other", (), free)


def test_a_full_host_is_the_hosts_error() -> None:
    with pytest.raises(HostError, match="no free ports") as caught:
        ports.choose("lab", (), lambda _port: False)
    assert "down --all" in caught.value.todo


KEPT = Ports(20100, 20101, 20102, 20103, 20104)


def test_free_ports_are_kept() -> None:
    assert ports.replace_taken("lab", KEPT, (), free) == (KEPT, {})


def test_only_what_was_taken_is_replaced() -> None:
    replaced, lost = ports.replace_taken("lab", KEPT, (), lambda port: port != 20101)
    assert lost == {"prometheus": 20101}
    assert replaced.gateway == KEPT.gateway
    assert replaced.prometheus not in astuple(KEPT)


def test_the_ports_that_the_labs_own_containers_listen_on_are_not_lost() -> None:
    assert ports.replace_taken("lab", KEPT, (), lambda _port: False, ours=astuple(KEPT)) == (KEPT, {})


@given(st.sets(st.sampled_from(astuple(KEPT))))
def test_replacements_clash_with_nothing(taken: set[int]) -> None:
    replaced, lost = ports.replace_taken("lab", KEPT, range(20000, 25000), lambda port: port not in taken)
    assert set(lost.values()) == taken
    assert len(set(astuple(replaced))) == len(ports.NAMES)
    assert not set(astuple(replaced)) & taken


@given(some_ports)
def test_a_port_beside_the_labs_own_is_where_no_lab_looks_for_ports(taken: set[int]) -> None:
    own = ports.choose("lab", (), free)
    port = ports.beside(own, lambda each: each not in taken)
    assert port not in taken
    assert port % ports.BLOCK >= len(ports.NAMES)


def test_it_is_in_the_labs_own_block_where_that_is_free() -> None:
    own = Ports(24310, 24311, 24312, 24313, 24314)
    assert ports.beside(own, free) == 24315


def test_without_a_free_port_there_is_none_beside() -> None:
    with pytest.raises(HostError, match="no free port"):
        ports.beside(Ports(24310, 24311, 24312, 24313, 24314), lambda _: False)
