"""What is injected on a host twice and four times as fast as the reference, against what pages: by arithmetic.

The figures of the reference were measured there; what they add up to holds on any host.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from faults.whale_merchant import FAULT as WHALE
from faults.whale_merchant import PAYMENTS as HOW_MANY
from labctl.base import paths
from labctl.images import releases
from labctl.lab.calibration import REFERENCE_SCAN_MS, Calibration, scaled
from labctl.lab.mechanisms.cpu import limit_of
from labctl.model.draw import usual
from labctl.state import settings
from labctl.verify.margin import LEAST
from tests.support.catalogue import FAULTS
from tests.support.fake_lab import make_lab

PAYMENTS = min(map(int, HOW_MANY.values))
SPEEDS = (1.0, 2.0, 4.0)
READS_MS = 150
"""What a look-up or a history may take (compose/prometheus/alerts.yml)."""
ROWS = 300_000
"""Payments in the database's image, about."""
SCANS = 16
"""How often the figures read the table without their index: for each of fifteen latest payments, and for the sums."""
WHALE_ROW_US = 1.7
"""What a row of the big merchant's costs the figures: 408 ms for 240,000 (docs/architecture.md)."""
BUSY_QUERY_MS = 1634
"""What the least busy business account's query takes (docs/architecture.md): 5,000 payments, each with each."""
RISK_CORES = 0.028
"""What risk uses at 20 requests/s (bench/RESULTS.md)."""


@pytest.fixture(params=SPEEDS)
def speed(request: pytest.FixtureRequest) -> float:
    return float(request.param)


def setting(service: str, name: str) -> int:
    text = (paths.bundle_root() / "compose" / "config" / f"{service}.env").read_text()
    return int(settings.parse(text)[name])


def test_every_fault_shows(speed: float) -> None:
    assert [fault.id for fault in FAULTS if fault.unfit(20, speed)] == []


def test_a_cut_attempt_a_pause_and_another_are_twice_what_a_read_may_take() -> None:
    attempts, pause = setting("payments", "FIGURES_ATTEMPTS"), setting("payments", "FIGURES_PAUSE_MS")
    waits = attempts * setting("payments", "FIGURES_TIMEOUT_MS") + pause
    assert waits >= LEAST * READS_MS
    assert waits < setting("gateway", "READ_DEADLINE_MS"), "the gateway does not give up before"


def test_without_the_index_the_figures_take_longer_than_they_may(speed: float) -> None:
    takes = SCANS * ROWS / 100_000 * REFERENCE_SCAN_MS / speed
    assert takes >= LEAST * setting("payments", "FIGURES_TIMEOUT_MS")


def test_the_big_merchants_figures_take_longer_than_they_may_by_as_much_on_any_host(
    speed: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    calibration = Calibration(REFERENCE_SCAN_MS / speed, 1.0, 10.0)
    record = lab.record
    lab.store.save(type(record)(**{**vars(record), "calibration": calibration.document()}))
    WHALE.break_lab(lab, usual())
    rows = sum(script.count("\n") for script in stack.docker.scripts if "COPY payments" in script)
    assert rows == pytest.approx(PAYMENTS * speed, rel=0.01)
    takes = scaled(PAYMENTS, speed) * WHALE_ROW_US / 1000 / speed
    assert takes >= LEAST * setting("payments", "FIGURES_TIMEOUT_MS")


def test_a_busy_accounts_query_runs_into_its_timeout(speed: float) -> None:
    assert BUSY_QUERY_MS / speed > setting("risk", "FEATURE_QUERY_TIMEOUT_MS")


def test_one_look_up_at_a_time_waits_for_twice_what_a_read_may_take() -> None:
    sources = releases.files("payments", "2.15.0")
    gather = re.search(r"GATHER_S = ([\d.]+)", sources["services/payments/gathering.py"])
    look_ups = re.search(r"in \(([A-Z, ]+)\)", sources["services/payments/custom.py"])
    assert gather
    assert look_ups
    page = re.search(r"^PAGE = (\d+)", sources["services/payments/app.py"], re.MULTILINE)
    assert page
    waits = float(gather[1]) * 1000 * len(look_ups[1].split(",")) * int(page[1])
    assert waits >= LEAST * READS_MS


def test_a_cpu_limit_can_be_as_low_as_what_is_used(speed: float) -> None:
    cores = 0.85 * RISK_CORES / speed
    limit = limit_of(cores)
    assert limit["cpu-quota"] / limit["cpu-period"] == pytest.approx(cores, rel=0.05)
