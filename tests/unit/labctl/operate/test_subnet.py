from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from labctl.base.errors import HostError, InputError
from labctl.docker import host_routes
from labctl.lab.lab import Lab
from labctl.operate.subnet import with_subnet
from labctl.state import subnets
from labctl.state.store import LabRecord
from tests.support.fake_host import FakeHost
from tests.support.fake_lab import make_lab, make_record


@pytest.fixture(autouse=True)
def routes(monkeypatch: pytest.MonkeyPatch) -> list[IPv4Network]:
    found: list[IPv4Network] = []
    monkeypatch.setattr(host_routes, "networks", lambda: found)
    return found


def record(subnet: str | None = None) -> LabRecord:
    return replace(make_record(), subnet=subnet)


def chosen(docker: FakeHost, subnet: str | None = None) -> IPv4Network:
    found = with_subnet(record(subnet), docker).subnet
    assert found is not None
    return IPv4Network(found)


def test_a_new_lab_gets_one_of_the_range() -> None:
    assert chosen(FakeHost()).subnet_of(subnets.ranges()[0])


def test_the_networks_of_docker_and_the_routes_of_the_host_are_avoided(
    routes: list[IPv4Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(subnets.RANGES_VARIABLE, "10.9.0.0/24")
    routes.append(IPv4Network("10.9.0.128/25"))
    docker = FakeHost(subnets_there=["172.17.0.0/16", "10.9.0.0/26"])
    assert chosen(docker) == IPv4Network("10.9.0.64/26")
    with pytest.raises(HostError, match="no free subnet"):
        chosen(FakeHost(subnets_there=["10.9.0.0/25"]))


def test_a_lab_that_has_a_network_keeps_what_it_has() -> None:
    docker = FakeHost(own_networks=["n1"], subnets_there=["10.213.0.64/26"])
    kept = record("10.213.0.64/26")
    assert with_subnet(kept, docker) is kept
    older = record()
    assert with_subnet(older, docker) is older, "Docker chose it, for an older labctl"


def test_without_its_network_a_lab_keeps_its_subnet_while_nobody_else_has_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert chosen(FakeHost(), "10.213.0.64/26") == IPv4Network("10.213.0.64/26")
    assert chosen(FakeHost(subnets_there=["10.213.0.0/24"]), "10.213.0.64/26") != IPv4Network("10.213.0.64/26")
    assert "another network has the lab's subnet 10.213.0.64/26" in capsys.readouterr().err


def test_the_other_labs_subnets_are_theirs_though_docker_shows_no_network_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(subnets.RANGES_VARIABLE, "10.9.0.0/25")
    other, _ = make_lab("other", tmp_path, monkeypatch)
    other.store.save(replace(other.record, subnet="10.9.0.0/26"))
    half_made = Lab("half-made")
    half_made.folder.mkdir()
    half_made.store.prepare()
    assert chosen(FakeHost()) == IPv4Network("10.9.0.64/26")


def test_what_docker_refused_is_not_chosen_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(subnets.RANGES_VARIABLE, "10.9.0.0/25")
    first = with_subnet(record(), FakeHost()).subnet
    assert first is not None
    second = with_subnet(record(first), FakeHost(), [first]).subnet
    assert second not in (None, first)
    with pytest.raises(HostError):
        with_subnet(record(second), FakeHost(), [first, str(second)])


def test_a_range_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(subnets.RANGES_VARIABLE, "8.8.8.0/24")
    with pytest.raises(InputError, match="LABCTL_SUBNETS"):
        with_subnet(record(), FakeHost())
