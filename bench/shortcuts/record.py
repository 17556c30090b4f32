"""The record of a run: how often every player was right, under every fog, and whether that keeps the limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bench.shortcuts.played import Played
from bench.shortcuts.players import Player
from labctl.model.surroundings import FOGS, FOR_HIDDEN

BEYOND_PAGE = ("wait", "look", "answer")
"""What an incident takes from its page until every player has answered."""


def document(
    played: Sequence[Played],
    known: Mapping[str, Player],
    machine: Mapping[str, Any],
    rps: float,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the record as JSON types; `measured` has the date by fog.

    What a record `before` has of levels of fog that were not played now stays.
    """
    today = datetime.now(UTC).date().isoformat()
    measured = {**(before["measured"] if before else {}), **dict.fromkeys(_fogs(played), today)}
    earlier = [Played.from_document(each) for each in (before or {}).get("incidents", ())]
    now = _fogs(played)
    played = [*(each for each in earlier if each.planned.fog not in now), *played]
    return {
        "measured_at": today,
        "measured": {fog: measured[fog] for fog in _fogs(played)},
        "machine": dict(machine),
        "rps": rps,
        "players": {name: by_fog(name, played) for name in known},
        "unpaged": [each.planned.name for each in played if not each.paged],
        "seconds_beyond_page": _longest(played),
        "incidents": [each.to_document() for each in played],
    }


def by_fog(player: str, played: Sequence[Played]) -> dict[str, dict[str, int]]:
    """Return of each fog how many incidents a player answered, and how many rightly."""
    told = {
        fog: [each.told[player] for each in played if each.paged and each.planned.fog == fog] for fog in _fogs(played)
    }
    return {fog: {"incidents": len(each), "right": sum(one.right for one in each)} for fog, each in told.items()}


def findings(played: Sequence[Played], known: Mapping[str, Player]) -> Iterator[str]:
    """Yield what breaks a limit, a sentence each."""
    for each in played:
        if not each.paged:
            yield f"{each.planned.name} ({each.planned.fault}) never paged: {each.why}"
    for name, player in known.items():
        for fog, found in by_fog(name, played).items():
            share = found["right"] / found["incidents"] if found["incidents"] else 0.0
            told = f"{name} is right in {found['right']} of {found['incidents']} {fog} incidents, {share:.0%}"
            if fog == FOR_HIDDEN and share > player.at_most:
                yield f"{told}: at most {player.at_most:.0%} is allowed"
            if found["incidents"] and share < player.at_least:
                yield f"{told}: at least {player.at_least:.0%} is demanded"


def _longest(played: Sequence[Played]) -> dict[str, float]:
    """Return by fog how many seconds the slowest incident took from its page until all had answered."""
    return {
        fog: max(
            (
                sum(each.seconds[part] for part in BEYOND_PAGE)
                for each in played
                if each.paged and each.planned.fog == fog
            ),
            default=0.0,
        )
        for fog in _fogs(played)
    }


def _fogs(played: Sequence[Played]) -> list[str]:
    there = {each.planned.fog for each in played}
    return [fog for fog in FOGS if fog in there]
