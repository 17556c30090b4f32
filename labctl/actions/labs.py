"""The labs of this user on this host: what each is at, and what it costs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.base import paths
from labctl.base.errors import LabctlError
from labctl.base.names import project_of
from labctl.docker import machine
from labctl.docker.docker import Container, Docker
from labctl.lab.lab import Lab
from labctl.model.incident import ACTIVE
from labctl.operate import cost, host, pausing
from labctl.operate.interfaces import interfaces
from labctl.play import incidents


@dataclass(frozen=True)
class OpenIncident:
    """The incident that is open in a lab: its number and its clock, and nothing of the cause."""

    incident: str
    status: str
    clock_s: float


@dataclass(frozen=True)
class ListedLab:
    """One lab. What could not be found out is null, and `trouble` says why."""

    name: str
    status: str | None = None
    """"starting", "running", "paused" or "stopping"."""
    paused_since: datetime | None = None
    rps: float | None = None
    incident: OpenIncident | None = None
    containers: int = 0
    """How many there are."""
    running: int = 0
    """How many of them run; paused ones don't."""
    memory_mb: float | None = None
    """Memory of the containers' own: page cache, which the kernel may take back, is left out."""
    cores: float | None = None
    """CPU that the containers used in the last second."""
    interfaces: dict[str, str | None] = field(default_factory=dict)
    """The address of each published interface; null for what is not there."""
    subnet: str | None = None
    """Of the lab's network; null for one that Docker chose."""
    trouble: str | None = None


@dataclass(frozen=True)
class Labs(Answer):
    """The labs whose state is here, and what the host has left."""

    schema: ClassVar[str] = "labctl.ls/1"
    labs: tuple[ListedLab, ...]
    host_cores: int
    host_memory_mb: int
    """0 where the system doesn't say."""
    host_available_mb: int | None
    """Memory that is left; null where the system doesn't say."""


def labs() -> Labs:
    """Return the labs, and change nothing; a part that can't be found out is empty."""
    found = [_known(Lab(name)) for name in paths.lab_names()]
    try:
        found = _with_costs(found)
    except LabctlError as error:
        found = [replace(each, trouble=each.trouble or error.what) for each in found]
    available = host.room().memory
    memory_mb = None if available is None else available // 10**6
    return Labs(tuple(found), os.cpu_count() or 1, machine.memory_mb(), memory_mb)


def _known(lab: Lab) -> ListedLab:
    """Return what the lab's state says."""
    try:
        record = lab.record
        return ListedLab(
            name=lab.name,
            status=record.status,
            paused_since=moment(pausing.since(lab)) if lab.paused else None,
            rps=record.rps,
            incident=_open(lab),
            interfaces=interfaces(lab),
            subnet=record.subnet,
        )
    except LabctlError as error:
        return ListedLab(lab.name, trouble=error.what)


def _with_costs(labs: list[ListedLab]) -> list[ListedLab]:
    """Add what Docker says. Raises EngineError."""
    docker = Docker()
    containers = {each.name: docker.containers(project_of(each.name)) for each in labs}
    costs = cost.by_service(docker, [one for found in containers.values() for one in found])
    return [_with_cost(each, containers[each.name], costs) for each in labs]


def _with_cost(lab: ListedLab, containers: list[Container], costs: Mapping[tuple[str, str], cost.Cost]) -> ListedLab:
    spent = cost.together(each for (project, _), each in costs.items() if project == project_of(lab.name))
    return replace(
        lab,
        containers=len(containers),
        running=sum(each.running for each in containers),
        memory_mb=round(spent.memory_mb, 1),
        cores=round(spent.cores, 3),
    )


def _open(lab: Lab) -> OpenIncident | None:
    incident = incidents.latest(lab)
    if incident is None or incident.status not in ACTIVE:
        return None
    return OpenIncident(incident.id, str(incident.status), round(incident.clock_s(incident.now()), 1))
