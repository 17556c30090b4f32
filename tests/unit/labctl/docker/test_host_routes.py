from __future__ import annotations

import sys
from ipaddress import IPv4Network
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from labctl.docker.host_routes import networks

HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"


def line(network: IPv4Network) -> str:
    first, mask = (int.from_bytes(each.packed, sys.byteorder) for each in (network.network_address, network.netmask))
    return f"eth0\t{first:08X}\t00000000\t0001\t0\t0\t0\t{mask:08X}\t0\t0\t0\n"


def told(tmp_path: Path, *found: IPv4Network) -> list[IPv4Network]:
    path = tmp_path / "route"
    path.write_text(HEAD + "".join(map(line, found)))
    return networks(path)


def test_as_linux_writes_it_on_a_usual_machine(tmp_path: Path) -> None:
    path = tmp_path / "route"
    path.write_text(HEAD + "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n")
    if sys.byteorder == "little":
        assert networks(path) == [IPv4Network("172.17.0.0/16")]


def test_a_route_to_everywhere_is_no_network(tmp_path: Path) -> None:
    wide = [IPv4Network("0.0.0.0/0"), IPv4Network("0.0.0.0/1"), IPv4Network("128.0.0.0/1")]
    assert told(tmp_path, *wide, IPv4Network("10.0.0.0/8")) == [IPv4Network("10.0.0.0/8")]


@given(st.integers(0, 2**32 - 1), st.integers(8, 32))
def test_every_other_network_comes_back(tmp_path_factory: object, address: int, prefix: int) -> None:
    network = IPv4Network((address, prefix), strict=False)
    assert told(Path(tmp_path_factory.mktemp("r")), network) == [network]  # type: ignore[attr-defined]


def test_a_system_that_does_not_tell_has_none(tmp_path: Path) -> None:
    assert networks(tmp_path / "nothing") == []
