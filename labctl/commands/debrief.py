"""`labctl debrief`: what it really was, once the incident is over."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from labctl import catalogue, console, debrief_view, guard, incidents
from labctl.debrief import Debrief, tell
from labctl.errors import LabStateError
from labctl.files import write_text
from labctl.guard import OPERATION
from labctl.incident import Incident
from labctl.lab import Lab
from labctl.locking import locked
from labctl.names import DEFAULT_NAME
from labctl.options import JsonOption, NameOption
from labctl.postmortem import postmortem

CHANGES_BEFORE_S = 900.0
MarkdownOption = Annotated[
    Path | None, typer.Option("--markdown", dir_okay=False, help="Write a postmortem draft to this file.")
]
GiveUpOption = Annotated[bool, typer.Option("--give-up", help="End the open incident without the right answer.")]


def debrief(
    markdown: MarkdownOption = None,
    give_up: GiveUpOption = False,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Tell what it really was: the causal chain as measured, what you looked at, the score. After the end only."""
    lab = Lab.open(name)
    with locked(lab.name, "debrief"):
        guard.recover(lab)
        incidents.reconcile(lab)
        if give_up:
            incidents.give_up(lab)
        told = _told(lab)
    if markdown:
        write_text(markdown, _postmortem(lab, told))
    console.emit(debrief_view.document(told), lambda: debrief_view.show(told), as_json=as_json)
    if markdown:
        console.note(f"postmortem draft written to {markdown}")


def _told(lab: Lab) -> Debrief:
    incident = incidents.latest(lab)
    if incident is None or incident.page is None:
        raise LabStateError("there is no incident", expected="one that is over", todo="run `labctl break` to start one")
    fault = catalogue.by_id(incident.fault)
    tell(fault, incident, ())  # refuses an open one before anything is measured
    return tell(fault, incidents.with_curves(lab, incident), lab.journal.entries(since=incident.page.at))


def _postmortem(lab: Lab, told: Debrief) -> str:
    incident = told.incident
    changes = lab.store.changes.list(since=incident.injected_at - CHANGES_BEFORE_S)
    return postmortem(told, changes, _healed_at(lab, incident))


def _healed_at(lab: Lab, incident: Incident) -> float | None:
    entries = lab.journal.entries(since=incident.ended_at or time.time(), kind=OPERATION)
    healed = (entry.at for entry in entries if entry.payload == {"what": "heal", "outcome": "done"})
    return next(healed, None)
