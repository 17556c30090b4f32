"""Placing lab servers on the nodes of a swarm, and what a lab server does with the Docker of the node that it is on.

A lab server is a service of one task. The task holds the reservation of a whole lab, and starts one container beside
itself, on its node's own network: there labctl works, with the lab's ports on loopback as anywhere else. The task
passes on to it what comes from the hub over the game day's network, by sockets in a volume that both have.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from labctl.base import paths
from labctl.base.errors import EngineError
from labctl.docker.docker import Docker
from labctl.docker.swarm import HAS, Node, Swarm, Task
from labctl.images import build_settings
from labctl.images.images import Images
from labctl.operate import capacity
from labctl.operate.image_steps import build_images

PREFIX = "labctl-"
"""What the names of lab servers begin with, before that of the lab."""
DAY_LABEL, LAB_LABEL = "labctl.day", "labctl.lab"
SOCKET = "/var/run/docker.sock"
RUN, STATE = "labctl-run", "labctl-state"
"""The volumes: sockets and secrets of what runs; labs' state."""
RUN_AT = "/run/labctl"
SECRET_AT = "/run/secrets/hub"  # noqa: S105 - a path
ORDERS_PORT, ROOM_PORT = 7000, 7001
"""Where a lab server listens on the game day's network: for orders, and as the lab's room."""
GRACE_S = 120
"""How long a lab server may take to remove its lab."""
_PASSED = ("LABCTL_DEBIAN_MIRROR", "LABCTL_SUBNETS")
_SEAT = ("python3", "-m", "labctl.gameday.servers.seat")
_SERVER = ("python3", "-m", "labctl.gameday.servers")
_RELAY = ("python3", "-m", "labctl.gameday.servers.relay")
_FENCED = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "10001:10001")
"""For a container that passes bytes on, and nothing else."""
MB = 10**6


@dataclass(frozen=True)
class Placed:
    """Where a lab server's task is."""

    lab: str
    node: str
    """The node's name; empty where no node has it."""
    state: str
    leaving: bool
    """Whether its node takes nothing new any more."""


@dataclass(frozen=True)
class Relayed:
    """A lab whose server is reached by two ports of this host's loopback."""

    lab: str
    orders: int
    room: int


def node_label() -> str:
    """Return the label of a node that has the images of this labctl.

    One of another labctl stays beside it: a node that lost a label would lose the labs that were placed by it.
    """
    return f"labctl.{_images().server_tag.rpartition(':')[2]}"


def image() -> str:
    """Return the image of a lab server, which is built where it is missing, as those of labs are."""
    build_images()
    return _images().ensure_server()


def room_left(rps: float) -> dict[str, int]:
    """Return how many more labs fit on each node that has the images of this labctl. Raises LabStateError."""
    swarm = Swarm()
    swarm.require_manager()
    each, wanted, tasks = capacity.need(rps), node_label(), swarm.tasks()
    takers = [node for node in swarm.nodes() if node.takes and wanted in node.labels]
    return {node.name: capacity.fit(left_on(node, tasks), each).labs for node in takers}


def left_on(node: Node, tasks: Iterable[Task]) -> capacity.Left:
    """Return what of a node is not reserved, of all the swarm's tasks."""
    own = [each for each in tasks if each.node == node.id]
    free_mb = (node.memory - sum(each.memory for each in own)) / MB
    return capacity.Left(node.cores, sum(each.cores for each in own), free_mb)


def prepare_here() -> None:
    """Build the images that lab servers need where they are missing; this host can take labs from now on.

    Raises LabStateError unless it manages a swarm.
    """
    swarm = Swarm()
    swarm.require_manager()
    image()
    swarm.label(swarm.node_id, node_label())


def open_ground(day: str) -> None:
    """Make the network of a game day, between its hub and its lab servers."""
    Swarm().make_network(_network(day), f"{DAY_LABEL}={day}")


def place(day: str, lab: str, rps: float, secret: str) -> None:
    """Let a swarm place and supervise a lab's server; harmless where it does already. Raises EngineError."""
    swarm, name = Swarm(), service_of(lab)
    if name in swarm.services(f"{DAY_LABEL}={day}"):
        return
    need = capacity.need(rps)
    swarm.make_secret(name, secret, f"{DAY_LABEL}={day}")
    options = (
        *("--label", f"{DAY_LABEL}={day}", "--label", f"{LAB_LABEL}={lab}", "--network", _network(day)),
        *("--constraint", f"node.labels.{node_label()}=={HAS}"),
        *("--reserve-memory", str(ceil(need.memory_mb * MB)), "--reserve-cpu", f"{need.cores:.3f}"),
        *("--restart-condition", "any", "--restart-delay", "1s", "--stop-grace-period", f"{GRACE_S}s"),
        *("--secret", f"source={name},target={SECRET_AT},mode=0400"),
        *("--mount", f"type=bind,source={SOCKET},target={SOCKET}"),
        *("--mount", f"type=volume,source={RUN},target={RUN_AT}"),
        *(part for each in _environment() for part in ("--env", each)),
    )
    swarm.create(name, _images().server_tag, options, (*_SEAT, lab))


def placed(day: str) -> list[Placed]:
    """Return where the lab servers of a game day are now."""
    swarm = Swarm()
    nodes = {each.id: each for each in swarm.nodes()}
    tasks = {each.service: each for each in swarm.tasks()}
    found: list[Placed] = []
    for name in swarm.services(f"{DAY_LABEL}={day}"):
        task = tasks.get(name)
        node = nodes.get(task.node) if task else None
        leaving = node is not None and node.availability == "pause"
        found.append(Placed(name.removeprefix(PREFIX), node.name if node else "", task.state if task else "", leaving))
    return found


def move(lab: str) -> None:
    """End a lab with its server where it is, and begin it on another node."""
    Swarm().move(service_of(lab))


def connect(day: str, labs: Iterable[Relayed]) -> None:
    """Let this host reach the lab servers, each by ports of its own on loopback; harmless twice."""
    docker, name = Docker(), f"labctl-{day}-relay"
    docker.remove(*docker.ids(f"{DAY_LABEL}={day}"))
    known = list(labs)
    ports = [
        (each.lab, own, there) for each in known for own, there in ((each.orders, ORDERS_PORT), (each.room, ROOM_PORT))
    ]
    published = [part for _, own, _ in ports for part in ("--publish", f"127.0.0.1:{own}:{own}")]
    routes = [f"tcp:0.0.0.0:{own}=tcp:{service_of(lab)}:{there}" for lab, own, there in ports]
    options = ("--detach", "--init", "--restart", "unless-stopped", "--label", f"{DAY_LABEL}={day}", *_FENCED)
    docker.run(
        "run", *options, "--name", name, "--network", _network(day), *published, _images().server_tag, *_RELAY, *routes
    )


def take_away(day: str) -> None:
    """Remove the lab servers of a game day, and what connects them; harmless twice. Each removes its lab first."""
    swarm, docker = Swarm(), Docker()
    docker.remove(*docker.ids(f"{DAY_LABEL}={day}"))
    for each in swarm.services(f"{DAY_LABEL}={day}"):
        swarm.remove(each)
        swarm.remove_secret(each)
    swarm.remove_network(_network(day))


def service_of(lab: str) -> str:
    """Return the name of a lab's service, by which its server is found on the game day's network."""
    return f"{PREFIX}{lab}"


def start_beside(lab: str) -> None:
    """Start the container in which labctl works for a lab, in place of one that was left over. Raises EngineError."""
    docker = Docker()
    docker.remove(*docker.ids(f"{LAB_LABEL}.server={lab}"))
    state = _state_folder(docker)
    environment = [*_environment(), f"LABCTL_STATE_DIR={state}/labs", f"XDG_CONFIG_HOME={state}/config"]
    docker.run(
        *("run", "--detach", "--init", "--name", f"{service_of(lab)}-server", "--label", f"{LAB_LABEL}.server={lab}"),
        *("--network", "host", "--volume", f"{SOCKET}:{SOCKET}", "--volume", f"{RUN}:{RUN_AT}"),
        *("--volume", f"{STATE}:{state}", *(part for each in environment for part in ("--env", each))),
        *(_own_image(docker), *_SERVER, lab),
    )


def runs_beside(lab: str) -> bool:
    """Whether that container runs."""
    docker = Docker()
    return any(each["State"]["Running"] for each in docker.inspect(*docker.ids(f"{LAB_LABEL}.server={lab}")))


def end_beside(lab: str) -> None:
    """Remove that container."""
    docker = Docker()
    docker.remove(*docker.ids(f"{LAB_LABEL}.server={lab}"))


def run_folder(lab: str) -> Path:
    """Return the folder of a lab's sockets, in the volume that the task and its container have."""
    return Path(RUN_AT) / lab


def _state_folder(docker: Docker) -> str:
    """Return where the volume with labs' state is on this host: compose names its files to the daemon by that path."""
    docker.run("volume", "create", STATE)
    return docker.run("volume", "inspect", "--format", "{{.Mountpoint}}", STATE).strip()


def _own_image(docker: Docker) -> str:
    """Return the image of the container that this process is in."""
    (told,) = docker.inspect(_own_container())
    return str(told["Image"])


def _own_container() -> str:
    name = os.environ.get("HOSTNAME", "")
    if not name:
        raise EngineError("this process is in no container", expected="a lab server's task, which Docker names")
    return name


def _environment() -> list[str]:
    given = {"LABCTL_DEBIAN_MIRROR": build_settings.debian_mirror()}
    given |= {name: os.environ[name] for name in _PASSED if os.environ.get(name)}
    return [f"{name}={value}" for name, value in given.items()]


def _network(day: str) -> str:
    return f"labctl-{day}"


def _images() -> Images:
    return Images(paths.bundle_root())
