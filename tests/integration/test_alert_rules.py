"""The alert rules, run by Prometheus's own tool over made-up series: who is paged, when, and who is not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
import yaml

from labctl.base import paths
from labctl.images.images import Images
from labctl.model.services import packages

pytestmark = [pytest.mark.lab, pytest.mark.small]

SECONDS = 120
BEFORE, DURING = "50s", "80s"
"""The series change after a minute."""
CLIENTS = "client_request_duration_seconds"


def rate(series: str, before: float, during: float) -> dict[str, str]:
    """A counter that grows by `before` a second for a minute, then by `during`."""
    start = before * 60
    return {"series": series, "values": f"0+{before}x59 {start}+{during}x60"}


def level(series: str, before: str, during: str) -> dict[str, str]:
    return {"series": series, "values": f"{before}x59 {during}x60"}


def requests(endpoint: str, outcome: str, before: float, during: float) -> dict[str, str]:
    return rate(f'{CLIENTS}_count{{job="clients",endpoint="{endpoint}",outcome="{outcome}"}}', before, during)


def slower(endpoint: str, rps: float, share: float) -> list[dict[str, str]]:
    """`rps` requests a second, of which `share` take 0.75 to 1 s in the second minute, all others up to 100 ms."""
    fast = rps * (1 - share)
    bounds = {"0.1": fast, "0.5": fast, "0.75": fast, "1": rps, "+Inf": rps}
    name = f'{CLIENTS}_bucket{{job="clients",endpoint="{endpoint}",outcome="ok",le='
    return [rate(f'{name}"{le}"}}', rps, during) for le, during in bounds.items()]


class Fires(Protocol):
    """Whether promtool finds an alert firing at a time, with these series."""

    def __call__(self, alert: str, at: str, *series: dict[str, str]) -> bool: ...


@pytest.fixture(scope="module")
def promtool() -> Iterator[str]:
    """A container that has the rules and Prometheus's own tool; it ends by itself if nobody removes it."""
    images = Images(paths.bundle_root())
    images.ensure()
    image = f"labctl/prometheus:{packages()['prometheus']}"
    options = ("--detach", "--rm", "--init", "--network", "none", "--entrypoint", "sleep")
    container = images.docker.run("run", *options, image, "300").strip()
    yield container
    images.docker.remove(container)


@pytest.fixture
def fires(promtool: str) -> Fires:
    def ask(alert: str, at: str, *series: dict[str, str]) -> bool:
        check = {"eval_time": at, "alertname": alert, "exp_alerts": []}
        test = {"interval": "1s", "input_series": list(series), "alert_rule_test": [check]}
        document: dict[str, Any] = {
            "rule_files": ["/etc/prometheus/alerts.yml"],
            "evaluation_interval": "1s",
            "tests": [test],
        }
        script = "cat > /tmp/tests.yml && promtool test rules /tmp/tests.yml"
        command = ["docker", "exec", "-i", promtool, "sh", "-c", script]
        done = subprocess.run(command, input=yaml.safe_dump(document), capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        assert "SUCCESS" in said or "got:[" in said, said
        return done.returncode != 0

    return ask


def test_a_healthy_lab_pages_nobody(fires: Fires) -> None:
    series = [requests("checkout", "ok", 10, 10), requests("checkout", "error", 0.02, 0.02), *slower("checkout", 10, 0)]
    for alert in ("CheckoutErrorRatioHigh", "CheckoutLatencyHigh"):
        assert not fires(alert, DURING, *series)


def test_failing_checkouts_page_within_20_seconds(fires: Fires) -> None:
    series = [requests("checkout", "ok", 10, 10), requests("checkout", "error", 0, 0.3)]
    assert not fires("CheckoutErrorRatioHigh", BEFORE, *series)
    assert fires("CheckoutErrorRatioHigh", DURING, *series)


def test_three_failed_checkouts_page_nobody_at_a_small_rate(fires: Fires) -> None:
    series = [requests("checkout", "ok", 2, 2), requests("checkout", "error", 0, 0.04)]
    assert not fires("CheckoutErrorRatioHigh", "115s", *series)


def test_at_a_small_rate_a_minute_of_failures_pages(fires: Fires) -> None:
    series = [requests("checkout", "ok", 2, 2), requests("checkout", "error", 0, 0.15)]
    assert fires("CheckoutErrorRatioHigh", "115s", *series)


def test_slow_checkouts_page(fires: Fires) -> None:
    series = slower("checkout", 10, 0.05)
    assert not fires("CheckoutLatencyHigh", BEFORE, *series)
    assert fires("CheckoutLatencyHigh", DURING, *series)


def test_many_checkouts_that_take_a_little_too_long_page(fires: Fires) -> None:
    bounds = {"0.1": 9.0, "0.3": 9.0, "0.4": 10.0, "0.5": 10.0, "+Inf": 10.0}
    name = f'{CLIENTS}_bucket{{job="clients",endpoint="checkout",outcome="ok",le='
    series = [rate(f'{name}"{le}"}}', 10, during) for le, during in bounds.items()]
    assert not fires("CheckoutsSlow", BEFORE, *series)
    assert fires("CheckoutsSlow", DURING, *series)
    assert not fires("CheckoutLatencyHigh", DURING, *series)


@pytest.mark.parametrize("endpoint", ["lookup", "history", "refund"])
def test_the_other_endpoints_have_their_own_pages(endpoint: str, fires: Fires) -> None:
    failing = [requests(endpoint, "ok", 3, 3), requests(endpoint, "error", 0, 0.3)]
    assert not fires("EndpointErrorRatioHigh", BEFORE, *failing)
    assert fires("EndpointErrorRatioHigh", DURING, *failing)
    assert fires("EndpointLatencyHigh", DURING, *slower(endpoint, 3, 0.2))
    assert not fires("CheckoutErrorRatioHigh", DURING, *failing)


@pytest.mark.parametrize(("endpoint", "pages"), [("lookup", True), ("history", True), ("refund", False)])
def test_reads_are_to_be_quick(endpoint: str, pages: bool, fires: Fires) -> None:
    bounds = {"0.1": 2.4, "0.15": 2.4, "0.4": 3.0, "0.5": 3.0, "+Inf": 3.0}
    name = f'{CLIENTS}_bucket{{job="clients",endpoint="{endpoint}",outcome="ok",le='
    series = [rate(f'{name}"{le}"}}', 3, during) for le, during in bounds.items()]
    assert not fires("EndpointLatencyHigh", BEFORE, *series)
    assert fires("EndpointLatencyHigh", DURING, *series) == pages


@pytest.mark.parametrize(
    ("service", "later", "pages"), [("ledger", "3000", True), ("ledger", "2000", False), ("risk", "3000", False)]
)
def test_a_ledger_that_restarts_twice_pages_and_no_other_service(
    service: str, later: str, pages: bool, fires: Fires
) -> None:
    started = {
        "series": f'container_start_time_seconds{{service="{service}"}}',
        "values": f"1000x59 2000x9 {later}x60",
    }
    assert not fires("LedgerRestarted", BEFORE, started)
    assert fires("LedgerRestarted", "75s", started) == pages
    assert not fires("LedgerRestarted", "110s", started), "it is over soon"


def test_a_ledger_that_falls_behind_pages(fires: Fires) -> None:
    booked = rate('stream_messages_total{stream="payments.events"}', 8, 1)
    series = [level("stream_lag", "0", "0+7"), level("stream_pending", "1", "1"), booked]
    assert not fires("BalancesLate", BEFORE, *series)
    assert fires("BalancesLate", "115s", *series)


def test_a_ledger_that_went_silent_pages(fires: Fires) -> None:
    series = [level('up{job="telemetry"}', "1", "1"), {"series": "stream_lag", "values": "0x59 stale"}]
    assert not fires("BalancesLate", BEFORE, *series)
    assert fires("BalancesLate", DURING, *series)
