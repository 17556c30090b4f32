"""The interfaces that a lab publishes, with their addresses on this host."""

from __future__ import annotations

from labctl.lab.lab import Lab

GRAFANA = "grafana"


def interfaces(lab: Lab) -> dict[str, str | None]:
    """Return each published interface's address; None for Grafana when it was left out."""
    addresses = lab.addresses
    services = (lab.store.get("services") or {"names": []})["names"]
    return {
        "gateway": addresses.gateway,
        "prometheus": addresses.prometheus,
        "telemetry": addresses.telemetry,
        "postgres": addresses.postgres,
        "grafana": addresses.grafana if GRAFANA in services else None,
    }
