"""Load: how much the clients ask, and what for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.state.traffic import Traffic, TrafficFile
from labctl.state.undo_log import Entry

CLIENTS = "clients"


@dataclass(frozen=True)
class Load(Mechanism):
    """The clients' traffic. An entry has what it was to be before."""

    name: ClassVar[str] = "load"
    file: TrafficFile

    def shift(self, rate: float = 1.0, **endpoints: float) -> None:
        """Have the clients ask `rate` times as much as usual, and each endpoint named so many times as often.

        Within seconds, without a restart; nobody announces what customers do. Replaces an earlier shift.

        Raises NotFoundError for an endpoint, InputError for a factor.
        """
        before, after = self.file.read(), Traffic(rate, endpoints)
        if before == after:
            return
        self._note(CLIENTS, asdict(before))
        self.file.write(after)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Have them ask what they asked before the oldest of these changes."""
        self.file.write(Traffic(**entries[-1].before))
