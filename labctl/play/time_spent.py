"""Where the time of an incident went: each stretch belongs to what was done at its beginning."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from labctl.model.incident import Incident
from labctl.play.judging import SUBMISSION
from labctl.play.logbook import HYPOTHESIS, NOTE, UPDATE
from labctl.state.journal import LOOK_UP, Entry

BEFORE_THE_FIRST = "before the first look-up"
PENALTIES = "penalties"
_WRITTEN = frozenset({HYPOTHESIS, NOTE, UPDATE, SUBMISSION})


def time_spent(incident: Incident, entries: Iterable[Entry]) -> dict[str, float]:
    """Return the seconds on an ended incident's clock by what they were spent on; they add up to the clock.

    A look-up's command takes the time until the next thing that was done, without pauses: reading counts as the
    look-up's.
    """
    if incident.page is None or incident.ended_at is None:
        return {}
    began, ended = incident.page.at, incident.ended_at
    done = sorted((entry.at, what) for entry in entries if began < entry.at < ended and (what := _what(entry)))
    spent: dict[str, float] = {}
    for (at, what), (until, _) in itertools.pairwise([(began, BEFORE_THE_FIRST), *done, (ended, "")]):
        spent[what] = spent.get(what, 0.0) + incident.elapsed_s(until) - incident.elapsed_s(at)
    spent[PENALTIES] = incident.penalty_s
    return {what: seconds for what, seconds in spent.items() if seconds}


def total(several: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the sums over several incidents, the longest first."""
    found: dict[str, float] = {}
    for each in several:
        for what, seconds in each.items():
            found[what] = found.get(what, 0.0) + seconds
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _what(entry: Entry) -> str:
    if entry.kind == LOOK_UP:
        return str(entry.payload.get("command", ""))
    return entry.kind if entry.kind in _WRITTEN else ""
