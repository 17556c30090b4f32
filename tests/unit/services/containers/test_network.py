from __future__ import annotations

from typing import Any

import pytest

from services.containers import network


def test_all_interfaces_but_loopback(host: Any) -> None:
    host.process(11, 1)
    assert network.values(str(host.proc / "11")) == {
        "container_network_receive_bytes_total": 1050,
        "container_network_receive_packets_total": 15,
        "container_network_receive_errors_total": 1,
        "container_network_receive_packets_dropped_total": 2,
        "container_network_transmit_bytes_total": 2060,
        "container_network_transmit_packets_total": 26,
        "container_network_transmit_errors_total": 3,
        "container_network_transmit_packets_dropped_total": 4,
        "container_network_tcp_retransmits_total": 34,
    }


def test_this_machines_own_files_can_be_read() -> None:
    assert set(network.values("/proc/self")) > set(network.FIELDS)


def test_a_process_that_ended(host: Any) -> None:
    with pytest.raises(OSError, match="No such file"):
        network.values(str(host.proc / "99"))
