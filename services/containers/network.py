"""A container's network, seen through one of its processes."""

from __future__ import annotations

from services.containers.files import read

Values = dict[str, float]
FIELDS = {
    "container_network_receive_bytes_total": 0,
    "container_network_receive_packets_total": 1,
    "container_network_receive_errors_total": 2,
    "container_network_receive_packets_dropped_total": 3,
    "container_network_transmit_bytes_total": 8,
    "container_network_transmit_packets_total": 9,
    "container_network_transmit_errors_total": 10,
    "container_network_transmit_packets_dropped_total": 11,
}
HEADER_LINES = 2
LOOPBACK = "lo"


def values(process: str) -> Values:
    """Return the figures of a /proc/<pid> directory's namespace; raises OSError when the process ends meanwhile."""
    found = _interfaces(read(f"{process}/net/dev"))
    found["container_network_tcp_retransmits_total"] = _retransmits(read(f"{process}/net/snmp"))
    return found


def _interfaces(text: str) -> Values:
    """All interfaces together, without loopback."""
    totals: Values = dict.fromkeys(FIELDS, 0)
    for line in text.splitlines()[HEADER_LINES:]:
        name, _, figures = line.partition(":")
        numbers = figures.split()
        if name.strip() != LOOPBACK:
            for metric, index in FIELDS.items():
                totals[metric] += int(numbers[index])
    return totals


def _retransmits(text: str) -> float:
    """Segments sent again, first ones included; /proc/net/snmp has a line of names before each line of numbers."""
    names, numbers = (line.split() for line in text.splitlines() if line.startswith("Tcp:"))
    return float(numbers[names.index("RetransSegs")])
