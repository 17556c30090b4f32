"""Reading an alert's runbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.elsewhere import reachable
from labctl.actions.looking import record_look
from labctl.base.errors import InputError
from labctl.base.text import checked
from labctl.health import runbook as runbooks
from labctl.lab.lab import Lab
from labctl.play import incidents


@dataclass(frozen=True)
class Runbook(Answer):
    """How to look into an alert, as Markdown; it never says what the cause is."""

    schema: ClassVar[str] = "labctl.runbook/1"
    alert: str
    text: str


@reachable
def runbook(name: str, alert: str = "") -> Runbook:
    """Return an alert's runbook, that of the last page if none is named; no lab is needed for one that is named.

    Raises NotFoundError with the nearest alert, InputError when none is named and nothing has paged.
    """
    lab = Lab(name)
    wanted = checked(alert, "the alert") or _paged(lab)
    found, text = runbooks.text(wanted)
    if lab.store.exists:
        record_look(lab, "runbook", alert=found)
    return Runbook(found, text)


def _paged(lab: Lab) -> str:
    incident = incidents.latest(lab) if lab.store.exists else None
    if incident is None or incident.page is None:
        raise InputError(
            "no alert was named, and nothing has paged", expected=f"one of: {', '.join(runbooks.alerts())}"
        )
    return incident.page.alert
