"""A lab server has its lab, or is told to make it: whatever was killed, restarted, moved or lost with its host.

Which lab a server has says whether it is still the one that the hub knew. Where it is not, what was open in it is void.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from labctl.gameday.model import LabSeat, State
from labctl.gameday.plan import Plan
from labctl.gameday.servers import reaching
from labctl.gameday.servers.far import Far
from labctl.gameday.servers.opening import Present, Wanted
from labctl.gameday.servers.reaching import Reach
from labctl.gameday.store import DayStore

LOST = "the lab's host was lost, or its lab had to move: the lab was made anew"


def keep(store: DayStore, plan: Plan, seat: LabSeat) -> Present | None:
    """See to it that a seat's server has its lab; return what it has, None while nothing is known of it.

    Raises LookupFailedError while the server does not answer.
    """
    known = reaching.reach(store, seat.name)
    if known is None or known.left:
        return None
    far = reaching.far(store, seat.name)
    found = far.state()
    if known.lab and found.lab != known.lab:
        _lose(store, seat)
    if found.ready:
        _have(store, seat, known, found)
    elif not found.opening:
        _open(store, plan, seat, known, far)
    return found


def _lose(store: DayStore, seat: LabSeat) -> None:
    """Void what was open in a lab that is not there any more. What is over is kept, and stays as it went."""
    if seat.ready:
        store.labs.lost(seat.name)
    for each in store.incidents.under_way():
        if each.lab == seat.name:
            store.incidents.become(each.id, State.VOID, problem=LOST)
            store.audit.add("lab lost", team=each.team, detail=seat.name)


def _have(store: DayStore, seat: LabSeat, known: Reach, found: Present) -> None:
    if known.lab != found.lab:
        reaching.note(store, seat.name, replace(known, lab=found.lab))
    if not seat.ready or known.lab != found.lab:
        store.labs.ready(seat.name, known.room)


def _open(store: DayStore, plan: Plan, seat: LabSeat, known: Reach, far: Far) -> None:
    far.open(Wanted(plan.rps, load_seed(store), prefix_of(plan, seat.team), known.lab))


def prefix_of(plan: Plan, team: str | None) -> str:
    """Return the path of a team's room; a spare lab's is below a path of nobody's."""
    return f"{plan.hub.prefix}/t/{team or '-'}"


def load_seed(store: DayStore) -> int:
    """Return the seed of the load: the same in every lab."""
    known = store.get("load")
    if known is None:
        known = {"seed": secrets.randbelow(2**31 - 1)}
        store.set("load", known)
    return int(known["seed"])
