"""What the instructor does to the incidents of teams, all at one moment: pause, resume, extend, end, void, swap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from threading import Thread

from labctl.base.errors import LabctlError, LabStateError
from labctl.gameday import rooms, rounds, servers
from labctl.gameday.model import SWARM, State, TeamIncident
from labctl.gameday.plan import Plan
from labctl.gameday.servers import reaching
from labctl.gameday.store import DayStore

SWAPPED = "the instructor swapped the lab for a spare one"
VOIDED = "the instructor voided it"


class Order(StrEnum):
    """What can be ordered for a team's present incident."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    END = "end"
    VOID = "void"
    SWAP = "swap"


@dataclass(frozen=True)
class Outcome:
    """What became of an order for one team; without a problem, it is done."""

    team: str
    problem: LabctlError | None = None


def carry_out(store: DayStore, plan: Plan, order: Order, teams: Iterable[str], by_s: float = 0.0) -> list[Outcome]:
    """Carry an order out for each of the teams, side by side; one that fails for a team leaves the others alone."""
    wanted = list(teams)

    def one(team: str) -> Outcome:
        try:
            _order(store, plan, order, team, by_s)
        except LabctlError as problem:
            return Outcome(team, problem)
        return Outcome(team)

    with ThreadPoolExecutor(max_workers=max(1, len(wanted))) as pool:
        return list(pool.map(one, wanted))


def _order(store: DayStore, plan: Plan, order: Order, team: str, by_s: float) -> None:
    present = current(store, team)
    if order is Order.SWAP:
        swap(store, plan, team)
    elif present is None:
        raise LabStateError(f"the team {team} has no incident", expected="one that has begun", todo="start a round")
    elif order is Order.EXTEND:
        servers.of(store, present.lab).extend(by_s)
    else:
        _STEPS[order](store, present)


def current(store: DayStore, team: str) -> TeamIncident | None:
    """Return a team's incident of the last round that has begun, void ones left out; None without one."""
    return next((each for each in store.incidents.of(store.incidents.last_round()) if each.team == team), None)


def swap(store: DayStore, plan: Plan, team: str) -> None:
    """Give a team the spare lab, and begin its incident there anew: the same one, by the round's seed.

    The old one is void. Raises LabStateError when no spare lab is ready.
    """
    present = current(store, team)
    again = present is not None and present.state not in (State.READY, State.ENDED)
    old = store.labs.team(team).lab
    store.labs.swap(team)  # the only step that may fail: nothing has changed before it
    if store.labs.host_of(old) == SWARM:
        reaching.leave(store, old)
    if present is not None and again:
        store.incidents.become(present.id, State.VOID, problem=SWAPPED)
        rounds.start(store, plan, present.round)
        # The old lab is sick, and may take its time: nobody waits for what it says about its own incident.
        Thread(target=_leave, args=(store, present), daemon=True).start()
    rooms.give(store, plan, team)


def _leave(store: DayStore, each: TeamIncident) -> None:
    try:
        servers.of(store, each.lab).void()
    except LabctlError as problem:
        told = f"{SWAPPED}, where it could not be ended: {problem.what}"
        store.incidents.become(each.id, State.VOID, problem=told)


def _pause(store: DayStore, each: TeamIncident) -> None:
    servers.of(store, each.lab).pause()
    store.incidents.become(each.id, State.PAUSED)


def _resume(store: DayStore, each: TeamIncident) -> None:
    servers.of(store, each.lab).resume()
    store.incidents.become(each.id, State.PAGED)


def _end(store: DayStore, each: TeamIncident) -> None:
    # Whoever follows the labs keeps the result, and notes that it is over.
    servers.of(store, each.lab).end()


def _void(store: DayStore, each: TeamIncident) -> None:
    # Healing takes a while; whoever follows the labs asks for it.
    if each.incident:
        servers.of(store, each.lab).void()
    store.incidents.become(each.id, State.VOID, problem=VOIDED)


_STEPS: dict[Order, Callable[[DayStore, TeamIncident], None]] = {
    Order.PAUSE: _pause,
    Order.RESUME: _resume,
    Order.END: _end,
    Order.VOID: _void,
}
