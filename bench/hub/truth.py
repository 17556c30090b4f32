"""What the labs and the hub wrote down while everybody was there: what each team's stream had to tell of."""

from __future__ import annotations

from bench.hub.lost import Happened
from labctl.gameday.model import State
from labctl.gameday.store import DayStore
from labctl.lab.lab import Lab
from labctl.play import logbook


def happened(store: DayStore, since: float) -> dict[str, list[Happened]]:
    """Return, by team, each page, each note and each change that was written down since a moment."""
    pages = {each.team: each.paged_at for each in store.incidents.of(1) if each.paged_at}
    return {each.name: [*_in_lab(each.lab, since), *_page(pages.get(each.name))] for each in store.labs.teams()}


def not_paged(store: DayStore) -> int:
    """Return how many teams have no incident that paged."""
    there = (State.PAGED, State.PAUSED, State.ENDED)
    return len(store.labs.teams()) - sum(each.state in there for each in store.incidents.of(1))


def _in_lab(name: str, since: float) -> list[Happened]:
    lab = Lab.open(name)
    notes = [Happened("logbook", each.at) for each in lab.store.journal.entries(since=since, kind=logbook.NOTE)]
    return [*notes, *(Happened("changes", each.at) for each in lab.store.changes.list() if each.at >= since)]


def _page(at: float | None) -> list[Happened]:
    return [] if at is None else [Happened("incident", at)]
