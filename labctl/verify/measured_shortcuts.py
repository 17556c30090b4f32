"""The part of docs/measured.md about shortcuts: how often a player of one rule finds the cause of a hidden incident."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from typing import Any

from labctl.base.tables import table

NAME = "shortcuts"
"""The record's name; it has another form than the records of verifications."""
LIMITS = {"methodical": "all", "baro": "50%", "baro-from-the-break": "-"}
"""In how many hazy incidents a player may be right; any other, RULE."""
RULE = "25%"
_HEAD = """## Shortcuts

How often hidden incidents give themselves away: `python -m bench.shortcuts` plays them, each drawn by a seed of its
own, with players that follow one rule each. All of them look once, through `--json`, and at the same incident. A rule
is right when it names component and trigger; BARO, a published method, when it names the service, of a link either
end; the methodical player, who looks every fault's evidence up, when it names component, trigger and mechanism.
Where nothing is wrong, BARO is never right: it always names a service. It is told the page's time as the beginning of
the anomaly; `baro-from-the-break` says what it would find if it were told the moment of the injection, and has no
limit."""
_TIMES = """From `labctl break` to the page, of the same incidents: it checks the lab, lets colleagues work, injects,
and waits."""
_TIMES_HEAD = ("Fog", "Incidents", "Median", "95%", "Longest")
MOST = 0.95


def section(document: Mapping[str, Any]) -> str:
    """Return the section for the record of a run."""
    fogs = list(dict.fromkeys(fog for found in document["players"].values() for fog in found))
    head = ("Player", *(fog.capitalize() for fog in fogs), "Limit")
    rows = [
        (name, *(_share(found.get(fog)) for fog in fogs), LIMITS.get(name, RULE))
        for name, found in document["players"].items()
    ]
    return "\n\n".join((_HEAD, _where(document), table(head, rows), _TIMES, table(_TIMES_HEAD, _times(document, fogs))))


def _times(document: Mapping[str, Any], fogs: list[str]) -> list[tuple[str, ...]]:
    """Return by fog how long the incidents took to their page, as far as they paged."""
    rows: list[tuple[str, ...]] = []
    for fog in fogs:
        took = sorted(each["seconds"]["page"] for each in document["incidents"] if each["fog"] == fog and each["alert"])
        if took:
            most = took[math.ceil(MOST * len(took)) - 1]
            rows.append((fog, str(len(took)), f"{statistics.median(took):.0f} s", f"{most:.0f} s", f"{took[-1]:.0f} s"))
    return rows


def _where(document: Mapping[str, Any]) -> str:
    machine = document["machine"]
    facts = f"{machine['system']}, {machine['cores']} cores, Docker {machine['docker']}, {document['rps']:g} requests/s"
    unpaged = len(document["unpaged"])
    never = f" Incidents that never paged, and count for nobody: {unpaged}." if unpaged else ""
    return f"Measured on {_dates(document)}: {facts}. The limits speak of hazy incidents.{never}"


def _dates(document: Mapping[str, Any]) -> str:
    dates = document["measured"]
    if len(set(dates.values())) == 1:
        return str(document["measured_at"])
    return ", ".join(f"{date} ({fog})" for fog, date in dates.items())


def _share(found: Mapping[str, int] | None) -> str:
    if not found or not found["incidents"]:
        return "-"
    return f"{found['right']} of {found['incidents']}, {found['right'] / found['incidents']:.0%}"
