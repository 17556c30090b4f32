import sys

import pytest

from bench.shortcuts import baro
from bench.shortcuts.answers import Answer
from bench.shortcuts.snapshot import Series
from labctl.base.errors import HostError
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES
from tests.support.shortcuts_seen import BROKEN, LOOKED, PAGE, START, at, curve, seen

MEMORY = next(each for each in OVERVIEW if each.name == "memory").query
RETRANSMITS = next(each for each in RESOURCES if each.name == "retransmits").query
SEEN = seen(
    {
        MEMORY: [curve(1e8, 1.01e8, service="gateway"), curve(1e8, 3e8, service="risk")],
        RETRANSMITS: [curve(0.0, 0.0, service="risk"), curve(0.0, 1.0, service="somebody")],
    }
)


def test_metrics_are_named_as_baro_reads_them_with_a_value_a_second() -> None:
    columns = baro.exported(SEEN)
    assert list(columns) == ["time", "gateway_mem", "risk_mem", "risk_retransmits"]
    assert columns["time"][0] == START + 1
    assert columns["time"][-1] == LOOKED - 1
    assert {len(each) for each in columns.values()} == {len(columns["time"])}
    assert columns["risk_mem"][-1] == 3e8


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "baro.root_cause_analysis", None)
    with pytest.raises(HostError) as caught:
        baro.require()
    assert "requirements/bench.lock" in caught.value.todo


def wobbling(series: Series) -> Series:
    """Return the series as one that was measured: it is never quite constant."""
    return Series(
        series.labels, tuple((at, value + 1e4 * (number % 3)) for number, (at, value) in enumerate(series.points))
    )


def test_the_service_of_the_first_metric_is_the_answer() -> None:
    pytest.importorskip("baro", reason="BARO is not installed: pip install -r requirements/bench.lock")
    measured = {MEMORY: [wobbling(each) for each in SEEN.curves[MEMORY]]}
    # The page comes with the jump: what is before it is healthy.
    paged = {**PAGE, "at": at(BROKEN + 5)}
    assert baro.baro(seen(measured, page=paged)) == Answer("risk")


def test_told_when_the_lab_was_broken_it_needs_no_early_page() -> None:
    pytest.importorskip("baro", reason="BARO is not installed: pip install -r requirements/bench.lock")
    measured = {MEMORY: [wobbling(each) for each in SEEN.curves[MEMORY]]}
    assert baro.baro_from_the_break(seen(measured)) == Answer("risk")


def test_metrics_that_do_not_vary_leave_baro_without_an_answer() -> None:
    pytest.importorskip("baro", reason="BARO is not installed: pip install -r requirements/bench.lock")
    assert baro.baro(seen({MEMORY: [curve(1e8, 1e8, service="risk")]})) is None
