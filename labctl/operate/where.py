"""Where to look at a lab: the addresses of what it publishes."""

from __future__ import annotations

from labctl.lab.lab import Lab

GRAFANA = "grafana"


def interfaces(lab: Lab) -> dict[str, str | None]:
    """Return each published interface's address; None for Grafana when it was left out."""
    ports = lab.record.ports
    services = (lab.store.get("services") or {"names": []})["names"]
    return {
        "gateway": lab.url(ports.gateway),
        "prometheus": lab.url(ports.prometheus),
        "telemetry": lab.url(ports.telemetry),
        "postgres": f"postgresql://observer@{lab.host}:{ports.postgres}/payments",
        "grafana": lab.url(ports.grafana) if GRAFANA in services else None,
    }
