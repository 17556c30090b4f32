"""The look-ups that a learner made during an incident, numbered from its page on, as the journal has them.

The journal is append-only, so a number stays what it is. `as_evidence` turns one into the evidence that it asked for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labctl.base.errors import InputError, NotFoundError
from labctl.lab.lab import Lab
from labctl.lookups.trace_ids import whole_id
from labctl.model.incident import Incident
from labctl.play.starting import PAGE
from labctl.play.stored import require_open
from labctl.state.journal import LOOK_UP, Entry

EVIDENCE = "evidence"
"""In the journal's entry of a look-up: the evidence that it asked for, where the other fields don't say it."""
_NUMBER = re.compile(r"#?(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class LookUp:
    """One look-up; `at` in epoch seconds, `asked` what was asked for in words."""

    number: int
    at: float
    command: str
    asked: str
    evidence: str | None
    """What it is as evidence; None for a kind that can't be evidence."""
    given: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What was asked for, by its name."""
    entry: int = field(default=-1, compare=False)
    """The number of its entry in the journal."""

    @property
    def said(self) -> str:
        """Return its number and what it asked, as evidence and notes name it."""
        return f"#{self.number} {self.command} {self.asked}".strip()


def look_ups(entries: Iterable[Entry], incident: str) -> list[LookUp]:
    """Return the look-ups of an incident among a journal's entries: those after its page, up to the next one's."""
    found: list[Entry] = []
    begun = False
    for entry in entries:
        own = entry.payload.get("incident") == incident
        if entry.kind == PAGE and own and not begun:
            found, begun = [], True
        elif entry.kind == PAGE and begun and not own:
            break
        elif entry.kind == LOOK_UP:
            found.append(entry)
    return [_look_up(number, entry) for number, entry in enumerate(found, start=1)]


def of_incident(lab: Lab, incident: Incident) -> list[LookUp]:
    """Return the look-ups that were made during a lab's incident."""
    since = incident.page.at if incident.page else incident.injected_at
    return look_ups(lab.store.journal.entries(since=since), incident.id)


def find(lab: Lab, text: str) -> LookUp | None:
    """Return the look-up of the open incident that "#7" names; None for a text that is no number.

    Raises NotFoundError when there was no such look-up, LabStateError when no incident is open.
    """
    typed = _NUMBER.fullmatch(text.strip())
    if typed is None:
        return None
    known = {each.number: each for each in of_incident(lab, require_open(lab))}
    number = int(typed[1])
    if number not in known:
        raise NotFoundError("look-up", f"#{number}", (f"#{each}" for each in known), todo="`labctl lookups` lists them")
    return known[number]


def as_evidence(lab: Lab, text: str) -> str:
    """Return a piece of evidence as KIND:TEXT, if it names a look-up by its number; any other text as it is.

    Raises InputError for a look-up of a kind that can't be evidence, and what `find` raises.
    """
    look_up = find(lab, text)
    if look_up is None:
        return text
    if look_up.evidence is None:
        raise InputError(
            f"look-up #{look_up.number} ({look_up.command}) can't be evidence",
            expected="one of metrics, of a trace, or of logs with --grep",
            todo="`labctl lookups` says what each is as evidence",
        )
    kind, _, rest = look_up.evidence.partition(":")
    return f"trace:{_whole(lab, rest, look_up.at)}" if kind == "trace" else look_up.evidence


def _whole(lab: Lab, trace_id: str, at: float) -> str:
    return whole_id(trace_id, lab.traces, lab.logs, start=at - 3600.0, end=time.time())


def _look_up(number: int, entry: Entry) -> LookUp:
    command = str(entry.payload.get("command", ""))
    asked = {name: value for name, value in entry.payload.items() if name not in ("command", EVIDENCE)}
    said = ", ".join(_said(name, value) for name, value in asked.items() if value not in (None, "", False))
    return LookUp(number, entry.at, command, said, _evidence(command, entry.payload), asked, entry.number)


def _evidence(command: str, payload: dict[str, Any]) -> str | None:
    match command:
        case "metrics":
            return f"promql:{payload.get('query', '')}"
        case "trace":
            return f"trace:{payload.get('id', '')}"
        case _:
            return payload.get(EVIDENCE)


def _said(name: str, value: object) -> str:
    """Return one thing that was asked for: a switch by its name, a number with its name, a text as it was typed."""
    spoken = name.replace("_", " ")
    if value is True:
        return spoken
    return f"{spoken} {value:g}" if isinstance(value, int | float) else str(value)
