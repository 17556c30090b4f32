"""One look at all containers."""

from __future__ import annotations

import logging
from pathlib import Path

from services.containers import host_cpu, network
from services.containers.cgroups import Values, detect, processes
from services.containers.files import read_numbers
from services.containers.inventory import Container, Inventory
from services.containers.kills import KILLS, Kills
from services.containers.processes import Processes

log = logging.getLogger(__name__)


class Collector:
    """Reads what the kernel says now; of a container that is gone, only the kills stay, if it had any."""

    def __init__(self, inventory: Path, cgroup: Path, proc: Path) -> None:
        self._inventory = Inventory(inventory)
        self._cgroups = detect(cgroup)
        self._proc = proc
        self._processes = Processes(proc)
        self._kills = Kills()
        self._known: dict[str, Container] = {}

    def collect(self) -> list[tuple[Container, Values]]:
        """Return the figures of every container that runs, and the kills of those that are gone."""
        looked = [(container, self._values(container)) for container in self._inventory.containers()]
        found = {container: values for container, values in looked if values}
        killed = self._kills.look(self._host_kills(), {container.id: values for container, values in found.items()})
        known = {**self._known, **{container.id: container for container in found}}
        # One that is gone may be given a kill some seconds later: it is known for as long as it can be.
        self._known = {each: known[each] for each in self._kills.remembered if each in known}
        return [
            (container, {**found.get(container, {}), KILLS: killed[each]})
            for each, container in self._known.items()
            if each in killed
        ]

    def host_cpu(self) -> dict[str, float]:
        """Return the seconds of the host's CPUs by mode."""
        return host_cpu.seconds(self._proc)

    def _host_kills(self) -> int:
        """Return the whole host's kills; 0 from a kernel that doesn't count them (before 4.13)."""
        try:
            return read_numbers(f"{self._proc}/vmstat").get("oom_kill", 0)
        except OSError:
            return 0

    def _values(self, container: Container) -> Values:
        try:
            return self._read(container)
        except (OSError, ValueError) as error:
            # The container ended while we read, or the kernel lacks a file: leave out this container, not all of them.
            log.debug("cannot read %s: %s", container.service, error)
            return {}

    def _read(self, container: Container) -> Values:
        group = self._cgroups.directory(container.id)
        pids = processes(group) if group else []
        first = self._processes.first(container.id, pids)
        if first is None:
            return {}
        return {
            **self._cgroups.values(container.id),
            **network.values(f"{self._proc}/{first.pid}"),
            "container_processes": len(pids),
            "container_start_time_seconds": self._processes.started_at(first),
            "container_restarts_total": self._processes.restarts(container.id),
        }
