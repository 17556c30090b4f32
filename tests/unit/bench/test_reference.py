import pytest

from bench.reference import ROWS, WINDOW_S, Row, page
from labctl.catalogue import probe_queries

HEALTHY = {row.name: 0.1 for row in ROWS}
BROKEN = {row.name: 0.3 for row in ROWS}
PAGE = page(HEALTHY, {"risk-timeout-cut": BROKEN}, {"system": "Debian", "cores": 2, "docker": "20.10"})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_queries_parse(row: Row) -> None:
    assert probe_queries.flaws(row.query.replace(f"[{WINDOW_S}s", "[20s")) == []


def test_a_column_for_each_incident() -> None:
    assert "| Figure | Healthy | `risk-timeout-cut` | Aim |" in PAGE


def test_units() -> None:
    assert "| Checkout, p95 | 100 ms | 300 ms | 120 ms, then 2400 ms |" in PAGE
    assert "| Checkouts that fail | 10.0% | 30.0% |" in PAGE


def test_what_should_be_level_is_compared_with_the_healthy_lab() -> None:
    assert "| CPU of the whole lab | 0.10 cores | 0.30 cores (x 3.0) | level, within 1.5 |" in PAGE


def test_the_machine() -> None:
    assert "Debian, 2 cores, Docker 20.10; measured on 20" in PAGE
