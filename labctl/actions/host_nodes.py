"""The hosts of a swarm: preparing one for lab servers, draining it, and taking it back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from labctl.actions import lab_servers
from labctl.actions.answer import Answer
from labctl.actions.lab_servers import PREFIX
from labctl.base import paths, progress
from labctl.base.errors import HostError, LabStateError, NotFoundError
from labctl.base.waiting import wait_until
from labctl.docker import transfer
from labctl.docker.docker import Docker
from labctl.docker.swarm import Node, Swarm
from labctl.images.images import Images

OLDEST = (20, 10)
"""The first Docker that lab servers were tried with."""
READY_S = 60.0
INACTIVE = "inactive"


@dataclass(frozen=True)
class Joined(Answer):
    """A host that can take labs."""

    schema: ClassVar[str] = "labctl.host-join/1"
    name: str
    address: str
    docker: str
    """Its daemon's version."""
    images: tuple[str, ...]
    """The images that it was given."""
    joined: bool
    """Whether it was in no swarm before."""


@dataclass(frozen=True)
class Changed(Answer):
    """A host that takes no labs any more, or takes them again."""

    schema: ClassVar[str] = "labctl.host-change/1"
    name: str
    takes_labs: bool
    labs: tuple[str, ...]
    """The labs that are on it."""


def join(address: str) -> Joined:
    """Prepare the host whose Docker daemon answers at an address, such as ssh://root@host2, and let it in.

    Raises LabStateError, HostError for a daemon that does not do, EngineError.
    """
    swarm, here, there = Swarm(), Docker(), Docker(env={"DOCKER_HOST": address})
    swarm.require_manager()
    told = _asked(there, address)
    _check(told, _asked(here, "this host"), address)
    state = told["Swarm"]["LocalNodeState"]
    if state != INACTIVE and told["Swarm"].get("NodeID") not in {each.id for each in swarm.nodes()}:
        raise LabStateError(
            f"the Docker daemon at {address} is in another swarm ({state})",
            expected="one in none, or in this host's",
            todo=f"let it leave that: DOCKER_HOST={address} docker swarm leave",
        )
    lab_servers.image()
    given = _give_images(here, there)
    if state == INACTIVE:
        with progress.step("joining the swarm"):
            there.run("swarm", "join", "--token", swarm.join_token(), swarm.address(), timeout=READY_S)
    node = _await(swarm, str(_asked(there, address)["Swarm"]["NodeID"]))
    swarm.label(node.id, lab_servers.node_label())
    return Joined(node.name, node.address, node.version, tuple(given), state == INACTIVE)


def drain(name: str) -> Changed:
    """Let a host take no more labs; a game day moves those that it has, each between two incidents."""
    return _let(name, "pause")


def activate(name: str) -> Changed:
    """Let a host take labs again."""
    return _let(name, "active")


def _let(name: str, availability: str) -> Changed:
    swarm = Swarm()
    swarm.require_manager()
    nodes = swarm.nodes()
    node = next((each for each in nodes if name in (each.name, each.id)), None)
    if node is None:
        raise NotFoundError("host", name, [each.name for each in nodes], todo="labctl host ls lists them")
    swarm.let(node.id, availability)
    labs = [each.service.removeprefix(PREFIX) for each in swarm.tasks() if each.node == node.id]
    return Changed(node.name, availability == "active", tuple(sorted(labs)))


def _asked(docker: Docker, address: str) -> Mapping[str, Any]:
    told: dict[str, Any] = json.loads(docker.run("info", "--format", "{{json .}}"))
    if told.get("ServerErrors"):
        raise HostError(
            f"the Docker daemon at {address} does not answer: {told['ServerErrors'][0]}",
            expected="a daemon that this user may talk to",
            todo="install Docker there, and try: DOCKER_HOST=ADDRESS docker info",
        )
    return told


def _check(told: Mapping[str, Any], own: Mapping[str, Any], address: str) -> None:
    version = str(told["ServerVersion"])
    numbers = tuple(int(each) for each in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST:
        raise HostError(
            f"the Docker daemon at {address} is of version {version}",
            expected=f"{OLDEST[0]}.{OLDEST[1]} or newer",
            todo="install a newer Docker there",
        )
    if told["Architecture"] != own["Architecture"] or told["OSType"] != own["OSType"]:
        raise HostError(
            f"the host at {address} is {told['OSType']} on {told['Architecture']}",
            expected=f"{own['OSType']} on {own['Architecture']}, as here: the images are the same",
        )


def _give_images(here: Docker, there: Docker) -> list[str]:
    """Copy the images that the other daemon does not have, or has otherwise; return their tags."""
    wanted = Images(paths.bundle_root()).wanted()
    own = here.images("labctl/*")
    listed = there.run("images", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}", "labctl/*")
    known = dict(line.split() for line in listed.splitlines())
    missing = [tag for tag in wanted if known.get(tag) != own.get(tag)]
    with progress.step(f"images: {len(missing)} to copy"):
        transfer.copy(here, there, missing)
    return missing


def _await(swarm: Swarm, node: str) -> Node:
    def ready() -> Node | None:
        return next((each for each in swarm.nodes() if each.id == node and each.state == "ready"), None)

    todo = "open TCP 2377, TCP and UDP 7946 and UDP 4789 between the hosts"
    return wait_until(ready, what="the host's answer to the swarm", timeout=READY_S, todo=todo)
