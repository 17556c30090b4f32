"""Docker Swarm: its nodes, and services of one task each. It is asked by the SDK and changed by the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labctl.base.errors import EngineError, LabStateError
from labctl.docker import daemon
from labctl.docker.docker import Docker

CREATE_S = 120.0
HAS = "yes"
"""What a label says that a node has or doesn't."""


@dataclass(frozen=True)
class Node:
    """One node, as its manager knows it."""

    id: str
    name: str
    address: str
    state: str
    """Docker's word: ready, down, unknown, disconnected."""
    availability: str
    """Docker's word: active, pause, drain."""
    manager: bool
    cores: float
    memory: int
    version: str
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def takes(self) -> bool:
        """Whether something new can be placed on it."""
        return self.state == "ready" and self.availability == "active"


@dataclass(frozen=True)
class Task:
    """What runs of a service, and where."""

    service: str
    node: str
    state: str
    cores: float
    memory: int
    """What is reserved for it on its node."""


@dataclass(frozen=True)
class Swarm:
    """The swarm that the daemon is a part of."""

    docker: Docker = field(default_factory=Docker)

    @property
    def is_manager(self) -> bool:
        """Whether the daemon is a manager of a swarm."""
        return bool(self._told().get("ControlAvailable"))

    @property
    def node_id(self) -> str:
        """The daemon's own node; empty where it is in no swarm."""
        return str(self._told().get("NodeID") or "")

    def require_manager(self) -> None:
        """Raise LabStateError unless the daemon is a manager."""
        if not self.is_manager:
            raise LabStateError(
                "this host is no manager of a swarm",
                expected="a Docker daemon that manages one: its other hosts join it",
                todo="type: docker swarm init --advertise-addr ADDRESS, with this host's address for the others",
            )

    def nodes(self) -> list[Node]:
        """Return the nodes, managers first, by name."""
        found = [_node(each) for each in self._ask("node ls", lambda daemon: daemon.nodes())]
        return sorted(found, key=lambda each: (not each.manager, each.name))

    def tasks(self) -> list[Task]:
        """Return the tasks that are to run, of all services."""
        names = {each["ID"]: each["Spec"]["Name"] for each in self._services({})}
        found = self._ask("service ps", lambda daemon: daemon.tasks(filters={"desired-state": "running"}))
        return [_task(each, names) for each in found if each["ServiceID"] in names]

    def services(self, label: str) -> list[str]:
        """Return the names of the services with a label."""
        return [each["Spec"]["Name"] for each in self._services({"label": label})]

    def create(self, name: str, image: str, options: Sequence[str], command: Sequence[str]) -> None:
        """Create a service of one task, on whatever node it fits on; the image is that of the node. Raises EngineError.

        Peers find the task by the service's name: not every kernel has what a virtual address takes.
        """
        fixed = ("--detach", "--quiet", "--no-resolve-image", "--endpoint-mode", "dnsrr", "--replicas", "1")
        self.docker.run("service", "create", *fixed, "--name", name, *options, image, *command, timeout=CREATE_S)

    def move(self, service: str) -> None:
        """End a service's task and begin another, on a node that takes it."""
        self.docker.run("service", "update", "--detach", "--quiet", "--force", "--no-resolve-image", service)

    def remove(self, *services: str) -> None:
        """Remove services; those that are gone already count as removed."""
        for each in services:
            self._gone("service", "rm", each)

    def make_secret(self, name: str, value: str, label: str) -> None:
        """Make a secret; harmless where there is one of that name."""
        self._there("secret", "create", "--label", label, name, "-", stdin=value)

    def remove_secret(self, name: str) -> None:
        """Remove a secret; harmless without one."""
        self._gone("secret", "rm", name)

    def make_network(self, name: str, label: str) -> None:
        """Make a network that spans all nodes; harmless where there is one of that name."""
        if not self._ask("network ls", lambda daemon: daemon.networks(names=[f"^{name}$"])):
            options = ("--driver", "overlay", "--attachable", "--label", label)
            self._there("network", "create", *options, name)

    def remove_network(self, name: str) -> None:
        """Remove a network; harmless without one."""
        self._gone("network", "rm", name)

    def label(self, node: str, name: str) -> None:
        """Give a node a label."""
        self.docker.run("node", "update", "--label-add", f"{name}={HAS}", node)

    def let(self, node: str, availability: str) -> None:
        """Say whether a node takes something new, and keeps what it has: active, pause or drain."""
        self.docker.run("node", "update", "--availability", availability, node)

    def join_token(self) -> str:
        """Return what lets a worker in."""
        return self.docker.run("swarm", "join-token", "--quiet", "worker").strip()

    def address(self) -> str:
        """Return where others join. Raises EngineError where the swarm doesn't say."""
        managers = self._told().get("RemoteManagers") or []
        if not managers:
            raise EngineError("docker info tells no address of the swarm's managers")
        return str(managers[0]["Addr"])

    def _services(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("service ls", lambda daemon: daemon.services(filters=filters))
        return found

    def _there(self, *command: str, stdin: str | None = None) -> None:
        done = self.docker.attempt(*command, stdin=stdin)
        if done.returncode and "already exists" not in done.stderr:
            raise EngineError(f"docker {command[0]} failed: {done.stderr.strip()}")

    def _gone(self, *command: str) -> None:
        done = self.docker.attempt(*command)
        said = done.stderr.lower()
        if done.returncode and "not found" not in said and "no such" not in said:
            raise EngineError(f"docker {command[0]} failed: {done.stderr.strip()}")

    def _told(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("info", lambda daemon: daemon.info()).get("Swarm") or {}
        return found

    def _ask(self, what: str, question: Any) -> Any:  # noqa: ANN401 - the SDK's own documents
        return daemon.ask(f"docker {what}", question, binary=self.docker.binary)


def _node(told: Mapping[str, Any]) -> Node:
    described, spec = told["Description"], told["Spec"]
    resources = described["Resources"]
    return Node(
        id=told["ID"],
        name=described["Hostname"],
        address=told["Status"].get("Addr", ""),
        state=told["Status"]["State"],
        availability=spec["Availability"],
        manager=spec["Role"] == "manager",
        cores=resources.get("NanoCPUs", 0) / 1e9,
        memory=int(resources.get("MemoryBytes", 0)),
        version=described["Engine"]["EngineVersion"],
        labels=spec.get("Labels") or {},
    )


def _task(told: Mapping[str, Any], names: Mapping[str, str]) -> Task:
    reserved = (told["Spec"].get("Resources") or {}).get("Reservations") or {}
    return Task(
        service=names[told["ServiceID"]],
        node=told.get("NodeID", ""),
        state=told["Status"]["State"],
        cores=reserved.get("NanoCPUs", 0) / 1e9,
        memory=int(reserved.get("MemoryBytes", 0)),
    )
