"""Limits that Docker sets on each container of a service: the common part of CPU and memory."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.state.undo_log import Entry

Limit = dict[str, int]
"""A limit as the options of `docker update` without their dashes, such as {"memory": 1000}."""


@dataclass(frozen=True)
class LimitsMechanism(Mechanism):
    """Limits of the lab's services. An undo entry has each container's limit before, and the one it was cut to."""

    @abstractmethod
    def read(self, host_config: Mapping[str, Any]) -> Limit:
        """Return a container's limit, from its HostConfig."""

    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore the limits of the containers that still exist.

        A container made since then has the limit of the compose file, unless it was cut as well.
        """
        before: dict[str, Limit] = {}
        for entry in entries:
            before |= entry.before["limits"]
        for service in dict.fromkeys(entry.subject for entry in entries):
            for each in self.stack.ps(service):
                if each.id in before:
                    self._update(each.id, before[each.id])

    def lost(self) -> list[str]:
        """Return the containers that were made since a cut."""
        return [each for entry in self._active().values() for each in self._new(entry)]

    def reapply(self) -> None:
        """Cut the containers that were made since the cut, too: the host has no more for them."""
        for entry in self._active().values():
            new = self._new(entry)
            if new:
                limits = {**entry.before["limits"], **self._limits(new)}
                self.log.amend(entry, {**entry.before, "limits": limits})
            for each in new:
                self._update(each, entry.before["cut"])

    def _new(self, entry: Entry) -> list[str]:
        return [each.id for each in self.stack.ps(entry.subject) if each.id not in entry.before["limits"]]

    def _cut(self, service: str, limit: Limit) -> None:
        """Limit each container of a service. Raises NotFoundError for no container, EngineError."""
        self.stack.container(service)
        containers = [each.id for each in self.stack.ps(service)]
        self._note(service, {"limits": self._limits(containers), "cut": limit})
        for each in containers:
            self._update(each, limit)

    def _limits(self, containers: list[str]) -> dict[str, Limit]:
        found = self.stack.docker.inspect(*containers)
        return {each: self.read(document["HostConfig"]) for each, document in zip(containers, found, strict=True)}

    def _update(self, container: str, limit: Limit) -> None:
        # Together: the kernel checks each against the other.
        options = (part for name, value in limit.items() for part in (f"--{name}", str(value)))
        self.stack.docker.run("update", *options, container)
