"""A lab whose Prometheus, trace store and log store are one recorded server, and the command line looking at it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from labctl.base import paths
from labctl.cli.main import main
from labctl.lab.lab import Lab
from labctl.state.journal import LOOK_UP
from tests.support.fake_lab import make_lab
from tests.support.http_server import RecordedServer


@dataclass(frozen=True)
class Shown:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote as JSON; anything that JSON has no word for (NaN) fails."""
        return json.loads(self.out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))


@dataclass(frozen=True)
class Looking:
    """Runs commands as the command line does, the handler at the top included."""

    lab: Lab
    server: RecordedServer
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Shown:
        """Run `labctl WORDS`."""
        self.monkeypatch.setattr(sys, "argv", ["labctl", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        written = self.capsys.readouterr()
        return Shown(code, written.out, written.err)

    @property
    def journal(self) -> list[dict[str, Any]]:
        """What the look-ups so far left in the journal."""
        return [entry.payload for entry in self.lab.store.journal.entries(kind=LOOK_UP)]


def make_looking(
    tmp_path: Path, server: RecordedServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Looking:
    """Make the lab, with its ports those of the server."""
    monkeypatch.setenv(paths.STATE_DIR_VARIABLE, str(tmp_path / "state"))
    monkeypatch.delenv("COLUMNS", raising=False)
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    record = lab.record
    ports = replace(record.ports, gateway=server.port, prometheus=server.port, telemetry=server.port, postgres=1)
    lab.store.save(replace(record, ports=ports))
    return Looking(lab, server, monkeypatch, capsys)
