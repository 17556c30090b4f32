"""Which subnet a lab's network has: the lab's own while it is free, or a new one that nobody else has."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from ipaddress import IPv4Network

from labctl.base import paths, progress
from labctl.base.errors import LabctlError
from labctl.docker import host_routes
from labctl.docker.docker import PROJECT_LABEL, Docker
from labctl.state import subnets
from labctl.state.store import LabRecord, LabStore


def with_subnet(record: LabRecord, docker: Docker, refused: Collection[str] = ()) -> LabRecord:
    """Return the record with a subnet for the lab's network; a network that is there keeps what it has.

    The caller is the only one of this user's that chooses. Docker may have refused some, for networks that it does not
    show. Raises HostError when none is free, InputError for ranges that can't be used.
    """
    if docker.networks(f"{PROJECT_LABEL}={record.project}"):
        return record
    taken = [*_networks(docker), *_reserved(record.name), *(IPv4Network(each) for each in refused)]
    if record.subnet is not None:
        if not subnets.overlaps(IPv4Network(record.subnet), taken):
            return record
        progress.warn(f"another network has the lab's subnet {record.subnet}; the lab gets another one")
    # Somebody else's labctl, which does not know of ours, begins its search elsewhere.
    start = f"{record.name}/{os.getuid()}/{paths.state_path()}"
    return replace(record, subnet=str(subnets.choose(start, subnets.ranges(), taken)))


def _networks(docker: Docker) -> list[IPv4Network]:
    return [*docker.subnets(), *host_routes.networks()]


def _reserved(name: str) -> list[IPv4Network]:
    """Return the subnets that belong to the other labs, whether their networks are there or not."""
    found = (_subnet_of(other) for other in paths.lab_names() if other != name)
    return [IPv4Network(each) for each in found if each is not None]


def _subnet_of(name: str) -> str | None:
    try:
        return LabStore(paths.lab_dir(name)).record.subnet
    except LabctlError:
        return None  # the record is missing or damaged; Docker still tells of the network, if there is one
