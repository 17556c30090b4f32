"""The files that compose reads for one lab, made from its record: lab.env, shares of the CPU, the network's subnet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labctl.base import paths
from labctl.lab import cpu_share, own_network
from labctl.model.deployed import read_all
from labctl.state import settings
from labctl.state.store import LabStore

RELEASES = "releases"
"""The store's setting with the releases of every service that does not run the shipped version."""


@dataclass(frozen=True)
class Environment:
    """The files in a lab's folder."""

    folder: Path
    store: LabStore

    def write(self) -> None:
        """Write the files anew, from the lab's record, releases and passwords."""
        record = self.store.record
        newest = {service: running[-1] for service, running in read_all(self.store.get(RELEASES)).items()}
        values = settings.lab_env(record, self.folder, newest)
        settings.write_lab_env(self.folder, values)
        cpu_share.write(self.folder, paths.bundle_root() / "compose" / "lab.yml", record.cpu_share)
        own_network.write(self.folder, record.subnet)
