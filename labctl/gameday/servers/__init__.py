"""Lab servers: what the hub asks of a lab, whatever host the lab is on.

`LabServer` says what can be asked (server.py). A lab on this host is asked by the actions themselves (here.py).
One on a node of a swarm has a server process there, which is asked over the game day's network (far.py): `seat` is the
task that the swarm places, `orders` what the server answers, `opening` how it comes to have its lab, `relay` what
passes bytes on between them, `reaching` and `keeping` are the hub's side.
"""

from __future__ import annotations

from labctl.gameday.model import SWARM, Team
from labctl.gameday.servers import reaching
from labctl.gameday.servers.here import Here
from labctl.gameday.servers.server import LabServer
from labctl.gameday.store import DayStore


def of(store: DayStore, lab: str) -> LabServer:
    """Return whoever answers for a lab of a game day."""
    return reaching.far(store, lab) if store.labs.host_of(lab) == SWARM else Here(lab)


def front_of(store: DayStore, team: Team, own: str) -> str:
    """Return the secret that proves the hub to a team's room: `own` to those on this host."""
    return reaching.secret(store, team.lab) if team.host == SWARM else own
