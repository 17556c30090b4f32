"""`labctl status`: one lab, now."""

from __future__ import annotations

import time
from typing import Any

from labctl.base.errors import LabStateError
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import iso, local_time, show_duration
from labctl.cli import console
from labctl.cli.commands.page import document as incident_document
from labctl.cli.options import JsonOption, NameOption
from labctl.cli.overview import Overview, look
from labctl.docker.docker import Container
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.operate import guard
from labctl.operate.interfaces import interfaces
from labctl.play import incidents
from labctl.state.locking import Holder, holder, locked


def status(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Show the lab: containers, steady state, pages, changes, and what was interrupted or is going on."""
    lab = Lab.open(name)
    seen = look(lab, _mended(lab))
    lab.store.journal.looked_up("status")
    console.emit(document(seen), lambda: _show(seen), as_json=as_json)


def document(seen: Overview) -> dict[str, Any]:
    """Return what `status` answers."""
    record = seen.lab.record
    return {
        "name": record.name,
        "status": record.status,
        "healthy": seen.healthy,
        "rps": record.rps,
        "seed": record.seed,
        "created_at": iso(record.created_at),
        "interfaces": interfaces(seen.lab),
        "containers": [
            {"service": c.service, "name": c.name, "image": c.image, "state": c.state} for c in _sorted(seen)
        ],
        "steady_state": [steady_state.document(each) for each in seen.readings],
        "pages": [{"alert": each.name, "summary": each.annotations.get("summary", "")} for each in seen.pages],
        "incident": incident_document(seen.incident, time.time()) if seen.incident else None,
        "changes": [
            {"at": iso(c.at), "component": c.component, "kind": c.kind, "summary": c.summary} for c in seen.changes
        ],
        "in_progress": str(seen.holder) if seen.holder else None,
        "interrupted": [guard.describe(each) for each in seen.interrupted],
        "troubles": seen.troubles,
    }


def _mended(lab: Lab) -> Holder | None:
    """Mend what an interrupted command injected, unless another command is at work: then return that one."""
    busy = holder(lab.name)
    if busy or not guard.interrupted(lab):
        return busy
    try:
        with locked(lab.name, "status"):
            guard.recover(lab)
            incidents.reconcile(lab)
    except LabStateError:
        return holder(lab.name)
    return None


def _show(seen: Overview) -> None:
    record = seen.lab.record
    state = "healthy" if seen.healthy else "broken on purpose" if seen.incident else "not healthy"
    console.show(f"The lab '{record.name}' is {state} ({record.status}, {record.rps:g} requests/s asked for).")
    for line in _remarks(seen):
        console.show(f"  {line}")
    console.show()
    console.table(
        ("STEADY STATE", "VALUE", "EXPECTED", ""),
        (
            (r.probe.name, steady_state.value_text(r), r.probe.tolerance, "ok" if r.holds else "NO")
            for r in seen.readings
        ),
    )
    console.show()
    console.table(("SERVICE", "STATE", "IMAGE"), ((c.service, c.state, c.image) for c in _sorted(seen)))
    if seen.changes:
        console.show()
        console.table(
            ("CHANGED AT", "COMPONENT", "SUMMARY"),
            ((local_time(c.at), c.component, c.title) for c in seen.changes[-5:]),
        )
    console.show()
    console.facts(interfaces(seen.lab))


def _remarks(seen: Overview) -> list[str]:
    incident = seen.incident
    clock = f"clock {show_duration(incident.clock_s(time.time()))}" if incident else ""
    return [
        *([f"going on: {seen.holder}"] if seen.holder else []),
        *(f"{guard.describe(each)}: {guard.RESUMABLE.get(each.what, '')}" for each in seen.interrupted),
        *([f"incident {incident.id} is {incident.status}, {clock}: labctl page{seen.lab.flag}"] if incident else []),
        *(f"page: {each.annotations.get('summary', each.name)}" for each in seen.pages),
        *(f"unknown: {each}" for each in seen.troubles),
    ]


def _sorted(seen: Overview) -> list[Container]:
    return sorted(seen.containers, key=lambda container: container.service)
