"""A game day over several hosts: Docker Swarm places a lab server for each team, and begins it elsewhere where it must.

Raises what the actions of labctl.actions.lab_servers raise.
"""

from __future__ import annotations

from contextlib import suppress

from labctl.actions import lab_servers
from labctl.actions.lab_servers import Relayed
from labctl.base import progress
from labctl.base.errors import HostError, LabctlError, LookupFailedError
from labctl.base.waiting import wait_until
from labctl.gameday import results
from labctl.gameday.model import SWARM, LabSeat, State
from labctl.gameday.plan import Plan
from labctl.gameday.servers import keeping, reaching
from labctl.gameday.store import DayStore

OPEN_S = 420.0
"""How long a lab may take from the moment that its server is asked for, on a host that has much else to do."""


def require(plan: Plan, missing: int) -> str:
    """Prepare this host, and return how many labs fit on the nodes. Raises HostError where those missing don't."""
    lab_servers.prepare_here()
    left = lab_servers.room_left(plan.rps)
    told = ", ".join(f"{name}: {count}" for name, count in left.items()) or "none has the images of this labctl"
    if sum(left.values()) < missing:
        raise HostError(
            f"{missing} labs do not fit on the hosts of the swarm ({told})",
            expected=f"at most {sum(left.values())}, spares among them",
            todo="prepare another host (labctl host join), or plan fewer teams, spares, or a lower rps",
        )
    return f"labs that fit: {told}"


def prepare(store: DayStore, plan: Plan) -> None:
    """Make the game day's network, and let this host reach it."""
    labs = [each.name for each in store.labs.all()]
    with progress.step("the game day's network"):
        lab_servers.open_ground(plan.name)
        reaching.choose_ports(store, labs)
        known = [(each, reaching.reach(store, each)) for each in labs]
        lab_servers.connect(plan.name, [Relayed(each, found.orders, found.room) for each, found in known if found])


def start(store: DayStore, plan: Plan, seat: LabSeat) -> None:
    """Let a lab's server be placed, and wait until it has its lab. Raises WaitTimeoutError, LabStateError."""
    lab_servers.place(plan.name, seat.name, plan.rps, reaching.secret(store, seat.name))

    def has_its_lab() -> bool:
        found = keeping.keep(store, plan, seat)
        return found is not None and found.ready

    wait_until(
        has_its_lab,
        what=f"the lab {seat.name}",
        timeout=OPEN_S,
        interval=1.0,
        transient=(LookupFailedError,),
        describe=lambda: _told(store, plan, seat),
        todo="see `docker service ps --no-trunc labctl-LAB`; then run the same command again",
    )


def _told(store: DayStore, plan: Plan, seat: LabSeat) -> str:
    found = [each for each in lab_servers.placed(plan.name) if each.lab == seat.name]
    told = [f"its server is {each.state or 'waiting'} on {each.node or 'no host'}" for each in found]
    with suppress(LabctlError):
        told.append(reaching.far(store, seat.name).state().problem)
    return "; ".join(filter(None, told))


def keep(store: DayStore, plan: Plan) -> None:
    """See to it that every server has its lab; one that does not answer is asked again in a moment."""
    for each in store.labs.all():
        if each.host == SWARM:
            with suppress(LabctlError):
                keeping.keep(store, plan, each)


def clear(store: DayStore, plan: Plan) -> list[str]:
    """Move labs away from nodes that take nothing new, each once no incident is open in it; return those that move.

    How the last incident went is kept before: nothing is lost with the lab.
    """
    open_in = {each.lab for each in store.incidents.under_way()}
    moving: list[str] = []
    for each in lab_servers.placed(plan.name):
        if each.leaving and each.state == "running" and each.lab not in open_in:
            _keep_last(store, each.lab)
            lab_servers.move(each.lab)
            store.labs.lost(each.lab)
            moving.append(each.lab)
    return moving


def _keep_last(store: DayStore, lab: str) -> None:
    over = [each for each in store.incidents.all() if each.lab == lab and each.state is State.ENDED]
    if over:
        with suppress(LabctlError):  # it is kept as it was when it ended
            results.keep(store, over[-1])


def end(store: DayStore, plan: Plan) -> None:
    """Remove the labs, each by its server, and everything that was placed."""
    for each in store.labs.all():
        with progress.step(f"removing the lab '{each.name}'"):
            try:
                reaching.far(store, each.name).close()
            except LabctlError as problem:
                progress.warn(f"the lab {each.name} is left where its server was: {problem.what}")
    lab_servers.take_away(plan.name)
