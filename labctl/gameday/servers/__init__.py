"""Lab servers: what the hub asks of a lab, whatever host the lab is on.

`LabServer` says what can be asked (server.py). A lab on this host is asked by the actions themselves (here.py).
"""

from __future__ import annotations

from labctl.gameday.servers.here import Here
from labctl.gameday.servers.server import LabServer
from labctl.gameday.store import DayStore


def of(store: DayStore, lab: str) -> LabServer:
    """Return whoever answers for a lab of a game day."""
    del store
    return Here(lab)
