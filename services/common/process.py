"""Starting a process of a service: its name and version, its logs, its telemetry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.common import logs, origin, telemetry


@dataclass(frozen=True)
class Identity:
    """What a process calls itself, in logs, telemetry and /healthz."""

    service: str
    version: str


def identify(service: str, env: Mapping[str, str]) -> Identity:
    """Return SERVICE_NAME and SERVICE_VERSION, or else the folder's name and its VERSION file."""
    version_file = Path(__file__).parent.parent / service / "VERSION"
    version = env.get("SERVICE_VERSION") or version_file.read_text().strip()
    return Identity(env.get("SERVICE_NAME") or service, version)


def start(service: str, env: Mapping[str, str]) -> Identity:
    """Set up logs and telemetry; called in the process that does the work, after any fork."""
    identity = identify(service, env)
    origin.configure(env)
    logs.configure(identity.service)
    telemetry.start(identity.service, identity.version, env)
    return identity
