"""A lab's room behind the hub, wherever the lab is: below its team's path."""

from __future__ import annotations

from labctl.actions import room
from labctl.gameday.model import SWARM, LabSeat
from labctl.gameday.plan import Plan
from labctl.gameday.servers import reaching
from labctl.gameday.servers.keeping import prefix_of
from labctl.gameday.store import DayStore

FRONT_FILE = "front"
"""In the game day's folder: the secret by which the rooms on this host know the hub."""


def open_room(store: DayStore, plan: Plan, seat: LabSeat) -> int:
    """Start a lab's room below its team's path where it does not run, and return its port."""
    prefix = prefix_of(plan, seat.team)
    if seat.host == SWARM:
        reaching.far(store, seat.name).room(prefix)
        return seat.port
    return room.open_behind(seat.name, prefix, str(store.folder / FRONT_FILE))


def give(store: DayStore, plan: Plan, team: str) -> None:
    """Open the room of the lab that a team has now, which may have been a spare one, below the team's path."""
    lab = store.labs.team(team).lab
    seat = next(each for each in store.labs.all() if each.name == lab)
    store.labs.ready(lab, open_room(store, plan, seat))
