"""What is injected on a host twice and four times as fast as the reference, on this one: it still is the same fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from faults.whale_merchant import PAYMENTS as HOW_MANY
from labctl.lab.calibration import REFERENCE_SCAN_MS, calibrate
from labctl.lab.lab import Lab
from tests.support.command_line import CommandLine

pytestmark = pytest.mark.lab

PAYMENTS = int(HOW_MANY.values[0])
"""The usual number, which verifications import."""
VERIFIED_S = 5 * 60.0
SCALED = "whale-merchant"
"""The fault of which more is injected on a faster host; all others are made of waits (docs/architecture.md)."""


@pytest.fixture(params=[2.0, 4.0])
def speed(lab: Lab, request: pytest.FixtureRequest) -> Iterator[float]:
    """A lab that takes its host for so fast."""
    measured = calibrate(lab.store, lab.database.server, lab.metrics)
    fast = replace(measured, scan_ms=REFERENCE_SCAN_MS / request.param)
    lab.store.save(replace(lab.record, calibration=fast.document()))
    yield request.param
    lab.store.save(replace(lab.record, calibration=measured.document()))


@pytest.mark.timeout(VERIFIED_S + 60)
def test_a_merchant_brings_along_what_takes_such_a_host_as_long(lab: Lab, speed: float, tmp_path: Path) -> None:
    labctl, written = CommandLine(lab.name), tmp_path / "verify.json"
    done = labctl.run("verify", SCALED, "--json", str(written), timeout=VERIFIED_S)
    assert done.returncode == 0, done.stdout + done.stderr
    (record,) = json.loads(written.read_text())["records"]
    (rows,) = (each for each in record["effects"] if each["probe"] == "payments: rows")
    # The median since the signature held: on this host they still come in then.
    assert PAYMENTS * speed / 2 < rows["value"] - rows["baseline"] <= PAYMENTS * speed * 1.02
    assert record["calibration"]["speed"] == pytest.approx(speed, rel=0.01)
