"""A round: the same incident in every team's lab, begun at one moment; each clock runs from its own page.

Each lab is broken by an errand of its own, which the lab starts again when it is killed. `follow` looks at the labs,
and writes down how far each is; it can be called at any moment, by one process at a time, and misses nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from labctl.actions import errand, incident
from labctl.actions.errand import Asked
from labctl.base.errors import InputError, LabctlError, LabHeldError, LabStateError
from labctl.gameday import results, servers
from labctl.gameday.model import UNDER_WAY, State, TeamIncident
from labctl.gameday.plan import Plan
from labctl.gameday.servers.server import Pace, Work
from labctl.gameday.store import DayStore
from labctl.model.drill import Planned
from labctl.model.incident import ENDED

AGAIN_S = 15.0
"""How long after a failed attempt a lab is healed again."""
_ENDED = frozenset(map(str, ENDED))


def start(store: DayStore, plan: Plan, number: int) -> list[TeamIncident]:
    """Begin a round for every team whose incident in it has not begun; harmless twice.

    Raises InputError for a round that the plan does not have, LabStateError while another round goes on.
    """
    planned = planned_of(plan, number)
    busy = [each for each in store.incidents.under_way() if each.round != number]
    if busy:
        raise LabStateError(
            f"round {busy[0].round} goes on: the team {busy[0].team}'s incident is {busy[0].state}",
            expected="one round at a time",
            todo="end its incidents, or wait for their limit",
        )
    results.keep_all(store)
    teams = store.labs.teams()
    known = store.incidents.round(number)
    body = known or body_of(plan, planned, [servers.of(store, each.lab).pace() for each in teams])
    body = store.incidents.begin_round(number, body, teams)
    waiting = [each for each in store.incidents.of(number) if each.state is State.READY]
    with ThreadPoolExecutor(max_workers=max(1, len(waiting))) as pool:
        list(pool.map(lambda each: _ask(store, each, body), waiting))
    return store.incidents.of(number)


def planned_of(plan: Plan, number: int) -> Planned:
    """Return what a round plays, counted from 1. Raises InputError."""
    if not 1 <= number <= len(plan.incidents):
        raise InputError(f"there is no round {number}", expected=f"1 to {len(plan.incidents)}, as the plan has them")
    return plan.incidents[number - 1]


def body_of(plan: Plan, planned: Planned, paces: list[Pace]) -> dict[str, Any]:
    """Return what every lab is asked for in a round: the same fault, seed, fog and limit."""
    seed = secrets.randbelow(incident.MAX_SEED) if planned.seed is None else planned.seed
    choice = incident.Choice(planned.track, planned.difficulty, seed)
    fault = planned.fault or incident.drawn_for([(each.rps, each.speed) for each in paces], choice)
    return {
        "fault": fault,
        "seed": seed,
        "fog": planned.fog or "",
        "limit": f"{planned.limit_s:.0f}s",
        "drill": plan.drill,
    }


def follow(store: DayStore) -> list[TeamIncident]:
    """Look at the labs, write down how far their incidents are, and return those that changed."""
    changed: list[TeamIncident] = []
    for each in _latest(store):
        try:
            found = _followed(store, each)
        except LabctlError:
            continue  # the lab is busy, or somebody else moved it on in between: it is looked at again
        if found is not None and found.state is not each.state:
            changed.append(found)
    return changed


def _latest(store: DayStore) -> list[TeamIncident]:
    last = store.incidents.last_round()
    return [each for each in store.incidents.all() if each.round == last or each.state in UNDER_WAY]


def _followed(store: DayStore, each: TeamIncident) -> TeamIncident | None:
    if each.state is State.STARTING:
        return _await_page(store, each)
    if each.state in (State.PAGED, State.PAUSED):
        return _await_end(store, each)
    if each.state in (State.ENDED, State.VOID):
        _heal(store, each)
    return None


def _ask(store: DayStore, each: TeamIncident, body: dict[str, Any]) -> None:
    # Noted first: whoever is killed in between finds an incident that was asked for, and asks for it again.
    _tried(store, each, lambda: _ask_lab(store, store.incidents.become(each.id, State.STARTING), body))


def _ask_lab(store: DayStore, each: TeamIncident, body: dict[str, Any]) -> None:
    servers.of(store, each.lab).begin(Asked(**body))


def _tried(store: DayStore, each: TeamIncident, ask: Callable[[], None]) -> None:
    try:
        ask()
    except LabctlError as problem:
        store.incidents.become(each.id, State.VOID, problem=problem.what)


def _await_page(store: DayStore, each: TeamIncident) -> TeamIncident | None:
    found = servers.of(store, each.lab).work()
    asked = found is not None and found.what == errand.BREAK and found.at >= (each.asked_at or 0.0)
    if found is None or not asked:
        if found is None or not found.under_way:
            _tried(store, each, lambda: _ask_lab(store, each, store.incidents.round(each.round) or {}))
        return store.incidents.find(each.id)
    if found.under_way:
        return None
    return _begun(store, each, found)


def _begun(store: DayStore, each: TeamIncident, found: Work) -> TeamIncident:
    if found.problem is not None:
        return store.incidents.become(each.id, State.VOID, problem=found.problem)
    seen = servers.of(store, each.lab).seen()
    at = time.time() if seen.paged_at is None else seen.paged_at
    return store.incidents.become(each.id, State.PAGED, at=at, incident=seen.incident)


def _await_end(store: DayStore, each: TeamIncident) -> TeamIncident | None:
    now = servers.of(store, each.lab).seen()
    if now.incident != each.incident:
        return store.incidents.become(each.id, State.VOID, problem="the lab has another incident")
    if now.status == State.VOID:
        return store.incidents.become(each.id, State.VOID, problem="an instructor voided it")
    if now.status not in _ENDED:
        stands = State.PAUSED if now.paused else State.PAGED
        return store.incidents.become(each.id, stands) if stands is not each.state else None
    try:
        results.keep(store, each)
    except LabHeldError:
        return None  # somebody reads the debrief: asked again in a moment
    except LabctlError as problem:
        return store.incidents.become(each.id, State.ENDED, problem=problem.what)
    return store.incidents.become(each.id, State.ENDED)


def _heal(store: DayStore, each: TeamIncident) -> None:
    """Heal a lab whose incident is over, so that the next one can begin in it."""
    server = servers.of(store, each.lab)
    now = server.standing()
    failed_at = now.work.ended_at if now.work and now.work.problem is not None else None
    waits = failed_at is not None and time.time() - failed_at < AGAIN_S
    if now.broken and not now.busy and not waits and not (now.work and now.work.under_way):
        server.heal()
