"""The interfaces that a lab publishes, with their addresses on this host."""

from __future__ import annotations

from contextlib import suppress

from labctl.base.errors import HostError
from labctl.lab.lab import Lab
from labctl.operate import background

GRAFANA = "grafana"


def interfaces(lab: Lab) -> dict[str, str | None]:
    """Return each published interface's address; None for Grafana when it was left out, and for a closed room."""
    addresses = lab.addresses
    services = (lab.store.get("services") or {"names": []})["names"]
    return {
        "gateway": addresses.gateway,
        "prometheus": addresses.prometheus,
        "telemetry": addresses.telemetry,
        "postgres": addresses.postgres,
        "grafana": addresses.grafana if GRAFANA in services else None,
        "room": _room(lab),
    }


def _room(lab: Lab) -> str | None:
    room = lab.store.room.read()
    if room is None or not room.open:
        return None
    # Where the host does not let us see whether it runs, the address is still where it should be.
    with suppress(HostError):
        return room.address(lab.name) if background.running(lab.name, background.ROOM) else None
    return room.address(lab.name)
