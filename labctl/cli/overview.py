"""What `labctl status` finds out about a lab; every part may be missing, and then says why."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from labctl.base.errors import LabctlError
from labctl.docker.docker import Container
from labctl.health import paging, steady_state
from labctl.health.steady_state import Reading
from labctl.lab.lab import Lab
from labctl.model.incident import ACTIVE, Incident
from labctl.model.samples import Alert
from labctl.play import incidents
from labctl.state.change_feed import Change
from labctl.state.locking import Holder
from labctl.state.operations import Operation

CHANGES_S = 3600.0
T = TypeVar("T")


@dataclass(frozen=True)
class Overview:
    """One lab, now. `troubles` are the parts that could not be found out."""

    lab: Lab
    containers: list[Container]
    readings: list[Reading]
    pages: list[Alert]
    incident: Incident | None
    """The one that goes on."""
    changes: list[Change]
    holder: Holder | None
    """The command that is changing the lab."""
    interrupted: list[Operation]
    troubles: list[str]

    @property
    def healthy(self) -> bool:
        """Whether the whole steady state was measured, and holds."""
        return bool(self.readings) and not (steady_state.sick(self.readings) or self.interrupted or self.incident)


def look(lab: Lab, holder: Holder | None) -> Overview:
    """Look at everything once."""
    troubles: list[str] = []

    def part(ask: Callable[[], list[T]]) -> list[T]:
        try:
            return ask()
        except LabctlError as error:
            troubles.append(error.what)
            return []

    latest = part(lambda: [incidents.latest(lab)])
    incident = next((each for each in latest if each and each.status in ACTIVE), None)
    return Overview(
        lab,
        part(lab.stack.ps),
        part(lambda: _readings(lab, incident)),
        part(lambda: paging.firing(lab.metrics)),
        incident,
        part(lambda: lab.store.changes.list(since=time.time() - CHANGES_S)),
        holder,
        [] if holder else part(lab.store.operations.unfinished),
        list(dict.fromkeys(troubles)),
    )


def _readings(lab: Lab, incident: Incident | None) -> list[Reading]:
    readings = steady_state.check(lab.metrics, lab.rps)
    # During an incident the users' view only: what else is unusual is for the learner to find.
    return [each for each in readings if each.probe.name in steady_state.CLIENTS_VIEW] if incident else readings
