"""Lets every player answer from one look at an incident, and says who was right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bench.shortcuts.played import Log, Played, Told
from bench.shortcuts.players import Player
from bench.shortcuts.snapshot import Snapshot
from labctl.model.fault import Fault


def judged(seen: Snapshot, known: Mapping[str, Player], fault: Callable[[], Fault]) -> dict[str, Told]:
    """Return what everybody answered; what it was is asked for only then, so that no player can have been told."""
    answers = {name: (each, each.answer(seen)) for name, each in known.items()}
    cause = fault()
    return {name: Told(str(answer or ""), each.right(cause, answer)) for name, (each, answer) in answers.items()}


def completed(played: Played, known: Mapping[str, Player], fault: Fault, log: Log) -> Played:
    """Return an incident with the answers of players who came after it was played, from what was kept of it."""
    missing = {name: each for name, each in known.items() if name not in played.told}
    if not missing or not played.paged:
        return played
    seen = Snapshot.read(log.snapshot(played.planned))
    return replace(played, told={**played.told, **judged(seen, missing, lambda: fault)})
