"""The part of docs/measured.md about colleagues' changes: that nobody feels them, and that they leave nothing."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from typing import Any

from labctl.base.tables import table
from labctl.base.text import number_of

NAME = "colleagues"
"""The record's name; it has another form than the records of verifications."""
_HEAD = """## Colleagues' changes

`labctl verify --colleagues` makes each change at both ends of what it draws, watches the lab, and undoes it: no page,
no fault's signature, a steady state, and afterwards nothing that was not there before."""


def section(document: Mapping[str, Any]) -> str:
    """Return the section for the record of the proofs."""
    records = document["records"]
    counts = Counter(each["outcome"] for each in records)
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    days = sorted({each["started_at"][:10] for each in records})
    where = f"Proved on {', '.join(days)}, at {records[0]['rps']:g} requests/s: {told}."
    proofs = table(("Kind", "Changes", "Proofs", "Passed", "Made in, s (median)"), _rows(records))
    return "\n\n".join((_HEAD, where, proofs, *_soaked(document.get("soak"))))


def _soaked(soak: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return what a soak found in which colleagues made a change each minute; nothing where there was none."""
    if soak is None:
        return ()
    minutes = f"`labctl verify --colleagues --soak {soak['planned_s'] / 60:g}`, a change each minute of it"
    where = f"{soak['started_at'][:10]}, {soak['rps']:g} requests/s"
    found = f"{len(soak['held'])} signatures held, {number_of(len(soak['pages']), 'page')} came"
    return (f"{minutes} ({where}): {soak['outcome']}; {found}.",)


def _rows(records: list[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for kind in sorted({each["kind"] for each in records}):
        own = [each for each in records if each["kind"] == kind]
        passed = sum(each["outcome"] == "pass" for each in own)
        made = [each["made_s"] for each in own if each["made_s"] is not None]
        took = f"{statistics.median(made):.1f}" if made else "-"
        rows.append((kind, str(len({each["change"] for each in own})), str(len(own)), str(passed), took))
    return rows
