"""A lab with everything real (files, SQLite, locks) but its containers and its Prometheus."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from labctl import paths
from labctl.configuration import Configuration
from labctl.lab import Lab
from labctl.state import LabRecord, Ports

RISK_ENV = "# How long features are fresh.\nFEATURE_CACHE_TTL_SECONDS=3600\n\nDB_POOL_MAX=3\n"
PAYMENTS_ENV = "RISK_TIMEOUT_MS=200\n"


@dataclass
class FakeStack:
    """Remembers what was asked of it; fails when told to."""

    rollouts: list[str] = field(default_factory=list)
    fails_with: Exception | None = None

    def rollout(self, service: str) -> None:
        self.rollouts.append(service)
        if self.fails_with:
            raise self.fails_with


def make_record(name: str = "lab", rps: float = 20.0) -> LabRecord:
    ports = Ports(gateway=20000, prometheus=20001, telemetry=20002, postgres=20003, grafana=20004)
    return LabRecord(name, f"labctl-{name}", ports, "127.0.0.1", rps, 1, 1_000_000.0, "running")


def make_lab(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    """Make a lab in the test's state directory, configured from two small files."""
    defaults = tmp_path / "defaults"
    defaults.mkdir(exist_ok=True)
    (defaults / "risk.env").write_text(RISK_ENV)
    (defaults / "payments.env").write_text(PAYMENTS_ENV)
    lab = Lab(name)
    paths.make_private_dir(lab.folder)
    lab.configuration = Configuration(lab.folder / "config", defaults)
    lab.configuration.prepare()
    lab.store.prepare()
    lab.store.save(make_record(name))
    stack = FakeStack()
    monkeypatch.setitem(lab.__dict__, "stack", stack)
    return lab, stack
