"""A swarm whose nodes and tasks are what a test says; what is changed is noted."""

from __future__ import annotations

from dataclasses import dataclass, field

from labctl.docker.swarm import Node, Swarm, Task

GB = 10**9


def node(name: str, *, state: str = "ready", availability: str = "active", images: str = "") -> Node:
    """Return a node of 2 cores and 8 GB."""
    labels = {images: "yes"} if images else {}
    return Node(f"id-{name}", name, "10.0.0.1", state, availability, name == "one", 2.0, 8 * GB, "20.10.24", labels)


def task(lab: str, on: str, state: str = "running") -> Task:
    """Return the task of a lab's server, with what a lab at 5 requests/s reserves."""
    return Task(f"labctl-{lab}", f"id-{on}", state, 0.22, 810 * 10**6)


@dataclass(frozen=True)
class FakeSwarm(Swarm):
    """Knows these nodes and tasks."""

    known: list[Node] = field(default_factory=list)
    running: list[Task] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    manager: bool = True

    @property
    def is_manager(self) -> bool:
        return self.manager

    @property
    def node_id(self) -> str:
        return "id-one"

    def nodes(self) -> list[Node]:
        return self.known

    def tasks(self) -> list[Task]:
        return self.running

    def services(self, label: str) -> list[str]:
        del label
        return sorted({each.service for each in self.running})

    def let(self, node: str, availability: str) -> None:
        self.done.append(f"{node} {availability}")
