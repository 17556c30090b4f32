"""The figures as Prometheus' text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.containers import host_cpu
from services.containers.cgroups import Values
from services.containers.inventory import Container

HELP = {
    "container_cpu_usage_seconds_total": "CPU time used.",
    "container_cpu_cfs_periods_total": "Enforcement periods of the CPU quota.",
    "container_cpu_cfs_throttled_periods_total": "Enforcement periods in which the container was throttled.",
    "container_cpu_cfs_throttled_seconds_total": "Time throttled.",
    "container_spec_cpu_quota": "CPU quota in microseconds a period; none when it is not limited.",
    "container_spec_cpu_period": "Length of the CPU quota's period in microseconds.",
    "container_memory_usage_bytes": "Memory in use, page cache included.",
    "container_memory_working_set_bytes": "Memory in use without the page cache that could go at once.",
    "container_memory_rss": "Anonymous memory in bytes.",
    "container_spec_memory_limit_bytes": "Memory limit; 0 when there is none.",
    "container_oom_events_total": "Processes that the kernel killed for want of memory.",
    "container_processes": "Processes that run.",
    "container_start_time_seconds": "Start of the first process, since the epoch.",
    "container_restarts_total": "Starts of a new first process since this exporter runs.",
    "container_network_receive_bytes_total": "Bytes received.",
    "container_network_receive_packets_total": "Packets received.",
    "container_network_receive_errors_total": "Errors while receiving.",
    "container_network_receive_packets_dropped_total": "Packets dropped while receiving.",
    "container_network_transmit_bytes_total": "Bytes sent.",
    "container_network_transmit_packets_total": "Packets sent.",
    "container_network_transmit_errors_total": "Errors while sending.",
    "container_network_transmit_packets_dropped_total": "Packets dropped while sending.",
    "container_network_tcp_retransmits_total": "TCP segments sent again.",
}
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def render(looked: Iterable[tuple[Container, Values]], cpu: Mapping[str, float] | None = None) -> str:
    """Return the whole page: the containers' figures, and the seconds of the host's CPU by mode."""
    labelled = [(_labels(container), values) for container, values in looked]
    lines = []
    for name, words in HELP.items():
        samples = [f"{name}{labels} {values[name]!r}\n" for labels, values in labelled if name in values]
        if samples:
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# HELP {name} {words}\n# TYPE {name} {kind}\n", *samples]
    return "".join([*lines, *_host(cpu or {})])


def _host(cpu: Mapping[str, float]) -> list[str]:
    name = host_cpu.NAME
    head = [f"# HELP {name} Time of the host's CPUs, by what they did.\n# TYPE {name} counter\n"] if cpu else []
    return [*head, *(f'{name}{{mode="{mode}"}} {value!r}\n' for mode, value in cpu.items())]


def _labels(container: Container) -> str:
    return f'{{service="{container.service.translate(_ESCAPES)}",container_id="{container.short_id}"}}'
