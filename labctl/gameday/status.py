"""Where a game day is, and how far."""

from __future__ import annotations

import httpx

from labctl.actions.room import proof_of
from labctl.gameday import plan as plans
from labctl.gameday import sheet
from labctl.gameday.answers import GameDay, TeamLine
from labctl.gameday.plan import Plan
from labctl.gameday.sessions import INSTRUCTOR
from labctl.gameday.store import DayStore

ASK_S = 3.0
SHEET = "links.html"
"""The page with the links, to print."""


def plan_of(store: DayStore) -> Plan:
    """Return the plan as it was when the game day began: the file may change, or go."""
    return plans.from_document(store.get("plan") or {})


def answers(store: DayStore, plan: Plan) -> bool:
    """Whether the hub answers, and no other program that has taken its port."""
    try:
        # Its own certificate is checked by whoever opens the hub; here the proof says that it is ours.
        found = httpx.get(f"{plan.hub.local_address}/alive", timeout=ASK_S, trust_env=False, verify=False)  # noqa: S501
    except httpx.TransportError:
        return False
    return found.text == proof_of(store.secrets.hub)


def status(store: DayStore) -> GameDay:
    """Return where a game day is."""
    plan = plan_of(store)
    number = store.incidents.last_round()
    now = {each.team: str(each.state) for each in store.incidents.all() if each.round == number}
    seats = store.labs.all()
    lines = [
        TeamLine(
            each.team,
            each.name,
            each.ready,
            link(store, plan, each.team),
            tuple(member.name for member in store.people.of(each.team)),
            now.get(each.team, ""),
        )
        for each in seats
        if each.team
    ]
    return GameDay(
        store.name,
        plan.title,
        str(store.state),
        f"{plan.hub.address}/",
        answers(store, plan),
        link(store, plan, INSTRUCTOR),
        tuple(lines),
        tuple(each.name for each in seats if each.team is None and each.ready),
        number,
        len(plan.incidents),
        store.folder / SHEET,
    )


def renew(store: DayStore, who: str) -> None:
    """Replace a team's code, or the instructor's, and end the sessions of who came in by it. Raises NotFoundError."""
    if who == plans.INSTRUCTOR:
        store.sessions.renew(INSTRUCTOR)
        store.sessions.revoke_instructor()
    else:
        team = store.labs.team(who).name
        store.sessions.renew(team)
        store.sessions.revoke_team(team)
    store.audit.add("code replaced", team="" if who == plans.INSTRUCTOR else who)
    sheet.write(store.folder / SHEET, status(store))


def link(store: DayStore, plan: Plan, team: str) -> str:
    """Return the link that lets into a team, or the instructor in."""
    return f"{plan.hub.address}/join/{store.sessions.code(team)}"
