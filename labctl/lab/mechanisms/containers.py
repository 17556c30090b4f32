"""Containers: restarted where they are, or started on another host, which leaves the old one's trouble behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.base import progress
from labctl.base.errors import InputError, WaitTimeoutError
from labctl.lab.mechanisms.mechanism import LEFT, Mechanism
from labctl.model import services
from labctl.model.services import RollOut
from labctl.state.undo_log import Entry

HOST_BOUND = ("cpu", "memory", "network")
"""The mechanisms whose changes belong to the host that a container runs on."""


@dataclass(frozen=True)
class Containers(Mechanism):
    """The lab's containers. An entry is only in the undo log while something is done: what it says is a half-way."""

    name: ClassVar[str] = "containers"

    def restart(self, service: str) -> None:
        """Restart a service's containers; what only its memory held is gone. Raises NotFoundError, EngineError.

        One that does not serve soon was restarted all the same: a warning says so.
        """
        self.stack.container(service)
        entry = self._note(service, {})
        try:
            self.stack.restart(service)
        except WaitTimeoutError:
            progress.warn(f"{service} was restarted, and does not serve yet")
        self.log.remove([entry])

    def move(self, service: str) -> None:
        """Start a stateless service on another host. Raises InputError for another one, NotFoundError, EngineError.

        A lab has one host: the new container is one that the changes of the old host (limits, packet loss) do not
        follow.
        """
        if services.known(service).roll_out is not RollOut.SIDE_BY_SIDE:
            raise InputError(f"{service} keeps state and can't be moved", expected="a stateless service")
        self.stack.container(service)
        entry = self._note(service, {})
        self.stack.rollout(service)
        # Not before: where no new container came, the old one still has all of it.
        for each in self.log.entries(subject=service):
            if each.mechanism in HOST_BOUND:
                self.log.amend(each, {**each.before, LEFT: True})
        self.log.remove([entry])

    def undo(self, entries: Sequence[Entry]) -> None:
        """Finish what was cut short: one container of each service, and it runs."""
        for service in dict.fromkeys(entry.subject for entry in entries):
            self.stack.mend(service)
