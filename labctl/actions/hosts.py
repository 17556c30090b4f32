"""The hosts that labs run on: what each has left, and how many more labs fit."""

from __future__ import annotations

import platform
import statistics
from dataclasses import dataclass
from typing import ClassVar

from labctl.actions import lab_servers
from labctl.actions.answer import Answer
from labctl.base import paths
from labctl.docker.docker import Docker
from labctl.docker.swarm import Node, Swarm, Task
from labctl.lab.lab import Lab
from labctl.operate import capacity, host
from labctl.operate.plan import DEFAULT_RPS

MB = 10**6


@dataclass(frozen=True)
class Host:
    """One host, and how many more labs fit on it."""

    name: str
    cores: int
    busy_cores: float | None
    """How many of them were in use in the last moment; null where the system doesn't say: they count as free. Of a
    swarm's host: how many are reserved."""
    memory_mb: int
    free_mb: int | None
    """Memory that is left; null where the system doesn't say: then all but that of the labs counts as free.
    Of a swarm's host: what is not reserved."""
    labs: int
    """How many labs of yours it has, paused ones too."""
    paused: int
    fits: int
    """How many more labs fit."""
    short_of: str
    """What there is not enough of for another one: "memory" or "CPU"."""
    state: str = "ready"
    """Of a swarm's host Docker's word for its state; "draining" for one that takes no more labs, "unprepared" for one
    without the images of this labctl."""


@dataclass(frozen=True)
class Hosts(Answer):
    """The hosts, for labs at so many requests/s."""

    schema: ClassVar[str] = "labctl.host-ls/1"
    rps: float
    speed: float
    """How many times as fast as the reference this host is, by the labs on it; 1 where none was measured."""
    lab_memory_mb: float
    """What one lab needs, its director and its room included."""
    lab_cores: float
    hosts: tuple[Host, ...]


def hosts(rps: float | None = None) -> Hosts:
    """Return this host, and how many more labs at so many requests/s fit. Raises EngineError, InputError."""
    rps = DEFAULT_RPS if rps is None else rps
    labs = [Lab(name) for name in paths.lab_names()]
    speed = _speed(labs)
    each = capacity.need(rps, speed=speed)
    swarm = Swarm()
    found = _nodes(swarm, each) if swarm.is_manager else (_here(labs, each),)
    return Hosts(rps, round(speed, 2), round(each.memory_mb), round(each.cores, 3), found)


def _nodes(swarm: Swarm, each: capacity.Need) -> tuple[Host, ...]:
    """Return the hosts of a swarm: of them, what is reserved is known, not what is in use."""
    tasks, wanted = swarm.tasks(), lab_servers.node_label()
    return tuple(_node(node, tasks, each, wanted) for node in swarm.nodes())


def _node(node: Node, tasks: list[Task], each: capacity.Need, wanted: str) -> Host:
    left = lab_servers.left_on(node, tasks)
    found = capacity.fit(left, each)
    prepared = wanted in node.labels
    draining = node.state == "ready" and not node.takes
    return Host(
        name=node.name,
        cores=round(node.cores),
        busy_cores=round(left.busy_cores, 2),
        memory_mb=node.memory // MB,
        free_mb=int(left.free_mb),
        labs=sum(task.node == node.id and task.service.startswith(lab_servers.PREFIX) for task in tasks),
        paused=0,
        fits=found.labs if node.takes and prepared else 0,
        short_of=found.short_of,
        state="draining" if draining else node.state if prepared else "unprepared",
    )


def _here(labs: list[Lab], each: capacity.Need) -> Host:
    cores, memory = Docker().machine()
    free, busy = host.room().memory, host.busy_cores()
    left_mb = (memory - len(labs) * each.memory_mb * MB) / MB if free is None else free / MB
    found = capacity.fit(capacity.Left(cores, busy or 0.0, left_mb), each)
    return Host(
        name=platform.node() or "this host",
        cores=cores,
        busy_cores=None if busy is None else round(busy, 2),
        memory_mb=memory // MB,
        free_mb=None if free is None else free // MB,
        labs=len(labs),
        paused=sum(lab.paused for lab in labs),
        fits=found.labs,
        short_of=found.short_of,
    )


def _speed(labs: list[Lab]) -> float:
    measured = [speed for lab in labs if (speed := lab.speed)]
    return statistics.median(measured) if measured else 1.0
