"""Load: how many requests the clients send, and of which kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.state.change_feed import NewChange
from labctl.state.traffic import Traffic, TrafficFile
from labctl.state.undo_log import Entry

CLIENTS = "clients"


@dataclass(frozen=True)
class Load(Mechanism):
    """The clients' traffic. An undo entry has the traffic before."""

    name: ClassVar[str] = "load"
    file: TrafficFile

    def shift(
        self,
        rate: float = 1.0,
        *,
        checkout: float = 1,
        lookup: float = 1,
        history: float = 1,
        refund: float = 1,
        author: str = "",
        summary: str = "",
    ) -> None:
        """Multiply the number of clients by `rate`, and their requests to each endpoint by its factor, from 0 to 20.

        The clients follow within seconds, without a restart. A shift replaces an earlier one. The feed gets an entry
        if there is a summary: a campaign is announced, what customers do by themselves is not. Raises InputError for a
        factor.
        """
        endpoints = {"checkout": checkout, "lookup": lookup, "history": history, "refund": refund}
        before = self.file.read()
        after = Traffic(rate, {name: factor for name, factor in endpoints.items() if factor != 1})
        if before == after:
            return
        self._note(CLIENTS, asdict(before))
        if summary:
            self.store.changes.add(NewChange("traffic", CLIENTS, summary, "", "", author))
        self.file.write(after)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore the traffic before the oldest of these changes."""
        self.file.write(Traffic(**entries[-1].before))
