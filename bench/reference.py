"""The page of the reference incidents: their measured figures, from queries a learner can make, beside the targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bench import queries
from labctl.base.tables import table
from labctl.model.promql import mean, quantile, rare_rate, rate

WINDOW_S = 90
_RISK = ("http_server_request_duration_seconds", 'job="risk",http_route="/assessments"', WINDOW_S)
_HEAD = f"""# The reference incidents, measured

**Spoilers.** Two of the catalogue's incidents have figures to live up to: p95 of a checkout from 120 ms to 2.4 s,
errors from 0.2% to 3%, CPU and memory level; for the second one also the cache's hit ratio from 92% to 55%, and three
times as many database queries. This is what a lab at 20 requests/s shows over {WINDOW_S} seconds each, from the metrics
that a learner sees. `.venv/bin/python -m bench.incidents` measures it anew and writes this page."""
_QUERIES = """The queries are the statements that risk itself counts
(`db_client_operation_duration_seconds_count{job="risk",db_operation_name="SELECT"}`)."""


@dataclass(frozen=True)
class Row:
    """One figure: its query, and how its value is shown: multiplied by `scale`, with `digits` decimals and a unit."""

    name: str
    query: str
    unit: str
    scale: float = 1.0
    digits: int = 0
    aim: str = ""
    relative: bool = False
    """Whether the cell also shows the ratio to the healthy value."""

    def show(self, value: float, healthy: float | None) -> str:
        """Return the value as a cell of the table; `healthy` is None where the lab is healthy."""
        text = f"{value * self.scale:.{self.digits}f}{self.unit}"
        return f"{text} (x {value / healthy:.1f})" if self.relative and healthy else text


def _cpu(matchers: str = "") -> str:
    return rate(f"container_cpu_usage_seconds_total{matchers}", WINDOW_S)


ROWS = (
    Row("Checkout, p95", queries.checkout_latency(0.95, WINDOW_S), " ms", 1000, aim="120 ms, then 2400 ms"),
    Row("Checkout, p50", queries.checkout_latency(0.5, WINDOW_S), " ms", 1000),
    Row("Checkouts that fail", queries.failing_checkouts(WINDOW_S), "%", 100, 1, "0.2%, then 3%"),
    Row("Cache hit ratio", queries.look_ups("hit", WINDOW_S), "%", 100, 1, "92%; 55% (the second)"),
    Row(
        "Risk's queries",
        rate('db_client_operation_duration_seconds_count{job="risk",db_operation_name="SELECT"}', WINDOW_S),
        "/s",
        digits=2,
        aim="x 3 (the second)",
        relative=True,
    ),
    Row("Requests to risk", rate(f"{_RISK[0]}_count{{{_RISK[1]}}}", WINDOW_S), "/s", digits=1, aim="level"),
    Row(
        "Retries of risk",
        rare_rate(
            'http_client_request_retries_total{job="payments",server_address="risk"}',
            'http_client_request_duration_seconds_count{job="payments",server_address="risk"}',
            WINDOW_S,
        ),
        "/s",
        digits=1,
    ),
    Row("Risk, mean", mean(*_RISK), " ms", 1000),
    Row("Risk, p99", quantile(0.99, *_RISK), " ms", 1000),
    Row("CPU of the whole lab", _cpu(), " cores", digits=2, aim="level, within 1.5", relative=True),
    Row("CPU of payments", _cpu('{service="payments"}'), " cores", digits=2, aim="level"),
    Row("CPU of Postgres", _cpu('{service="postgres"}'), " cores", digits=2),
    Row(
        "Memory of the whole lab",
        f"avg_over_time(sum(container_memory_working_set_bytes)[{WINDOW_S}s:5s])",
        " MB",
        1e-6,
        aim="level, within 1.5",
        relative=True,
    ),
)


def page(
    healthy: Mapping[str, float], incidents: Mapping[str, Mapping[str, float]], machine: Mapping[str, str | int]
) -> str:
    """Return the page; `healthy` and each fault's figures in `incidents` are by row name, in the queries' units."""
    head = ("Figure", "Healthy", *(f"`{fault}`" for fault in incidents), "Aim")
    rows = [
        (
            row.name,
            row.show(healthy[row.name], None),
            *(row.show(values[row.name], healthy[row.name]) for values in incidents.values()),
            row.aim,
        )
        for row in ROWS
    ]
    facts = f"{machine['system']}, {machine['cores']} cores, Docker {machine['docker']}"
    measured = f"{facts}; measured on {datetime.now(UTC).date().isoformat()}."
    return "\n\n".join((_HEAD, table(head, rows), measured, _QUERIES)) + "\n"
