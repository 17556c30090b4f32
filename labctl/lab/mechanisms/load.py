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

    def shift(
        self, rate: float = 1.0, *, checkout: float = 1, lookup: float = 1, history: float = 1, refund: float = 1
    ) -> None:
        """Have `rate` times as many clients as usual, who ask for an endpoint so many times as often as they do.

        Within seconds, without a restart; nobody announces what customers do. Replaces an earlier shift.

        Raises InputError for a factor that is not from 0 to 20.
        """
        endpoints = {"checkout": checkout, "lookup": lookup, "history": history, "refund": refund}
        before = self.file.read()
        after = Traffic(rate, {name: factor for name, factor in endpoints.items() if factor != 1})
        if before == after:
            return
        self._note(CLIENTS, asdict(before))
        self.file.write(after)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Have them ask what they asked before the oldest of these changes."""
        self.file.write(Traffic(**entries[-1].before))
