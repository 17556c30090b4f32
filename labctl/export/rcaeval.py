"""CSV as RCAEval's data sets RE1 to RE3 have it: data.csv, inject_time.txt, logs.csv, traces.csv."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from labctl.export.case import Case
from labctl.export.reading import Telemetry, TracedSpan
from labctl.lookups.logs import LogLine
from labctl.model.measurement import Window
from labctl.verify.dashboard_signals import COMPONENTS, OVERVIEW, RESOURCES, SERVER, Signal

TIME = "time"
NAMES = {"memory": "mem", "requests": "workload", "errors": "error", "CPU": "cpu"}
"""What RCAEval calls the metrics that every service has; others have their panel's name."""
RATE_S = 20
LOGS = (TIME, "timestamp", "container_name", "message", "level", "req_path", "error")
TRACES = (
    *(TIME, "traceID", "spanID", "serviceName", "methodName", "operationName"),
    *("startTimeMillis", "startTime", "duration", "statusCode", "parentSpanID"),
)


class Measured(Protocol):
    """A series of metrics, whoever has read it."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Its labels."""
        ...

    @property
    def points(self) -> Sequence[tuple[float, float]]:
        """Pairs of a moment (epoch seconds) and a value, the oldest first."""
        ...


def _quantile(percent: int) -> Signal:
    rate = f"sum by (service, le) (rate({SERVER}_bucket[{RATE_S}s]))"
    return Signal(f"latency {percent}", f"histogram_quantile({percent / 100:g}, {rate})", "s", 0.0)


SIGNALS: tuple[Signal, ...] = (_quantile(50), _quantile(90), *OVERVIEW, *RESOURCES)


def write(case: Case, telemetry: Telemetry, folder: Path) -> dict[str, int]:
    """Write all files; return how many rows each has."""
    data = wide(telemetry, Window(case.normal.start, case.abnormal.end))
    rows = {"data.csv": _table(folder / "data.csv", tuple(data), zip(*data.values(), strict=True))}
    (folder / "inject_time.txt").write_text(f"{case.abnormal.start:.0f}\n", encoding="utf-8")
    lines = (_line(each) for _, window in case.windows for each in telemetry.lines(window))
    spans = (_span(each) for _, window in case.windows for each in telemetry.spans(window))
    rows["inject_time.txt"] = 1
    rows["logs.csv"] = _table(folder / "logs.csv", LOGS, lines)
    rows["traces.csv"] = _table(folder / "traces.csv", TRACES, spans)
    return rows


def wide(telemetry: Telemetry, window: Window) -> dict[str, list[float]]:
    """Return the data set's columns of a window, a value for every second, both ends of it included."""
    moments = range(int(window.start), int(window.end) + 1)
    return columns(SIGNALS, lambda query: telemetry.curves(query, window), moments, NAMES)


def columns(
    signals: Iterable[Signal], curves: Callable[[str], Iterable[Measured]], moments: range, names: Mapping[str, str]
) -> dict[str, list[float]]:
    """Return a column for each component and metric, named SERVICE_METRIC, and `time`: a value for every moment.

    `curves` answers a query, `names` says what a panel's metric is called where that is not its own name. A moment
    without a value has the one before it, or the first; a series with none is left out.
    """
    found: dict[str, list[float]] = {TIME: [float(each) for each in moments]}
    for signal in signals:
        for series in curves(signal.query):
            component = str(signal.component or series.labels.get(signal.label, "").partition(":")[0])
            points = [(at, value) for at, value in series.points if math.isfinite(value)]
            if component in COMPONENTS and points:
                metric = names.get(signal.name) or re.sub(r"[^a-z0-9]+", "-", signal.name.lower()).strip("-")
                found[f"{component}_{metric}"] = _filled(points, moments)
    return found


def _filled(points: Sequence[tuple[float, float]], moments: Iterable[int]) -> list[float]:
    """Return a value for each moment: the newest until then; before the first, the first."""
    values, at, last = [], 0, points[0][1]
    for each in moments:
        while at < len(points) and points[at][0] <= each:
            last, at = points[at][1], at + 1
        values.append(last)
    return values


def _line(line: LogLine) -> tuple[object, ...]:
    failed = line.message if line.level in ("error", "fatal") else ""
    path = line.attributes.get("http_route") or line.attributes.get("url_path") or ""
    stamp = round(line.at * 1e6) * 1000
    return _clock(line.at), stamp, line.service, line.message, line.level.upper(), path, failed


def _span(each: TracedSpan) -> tuple[object, ...]:
    """Return a span; `startTime` and `duration` in microseconds."""
    span = each.span
    start = round(span.start * 1e6)
    method = span.attributes.get("http.request.method") or span.attributes.get("rpc.method") or ""
    status = span.attributes.get("http.response.status_code")
    code = (2 if span.error else 0) if status is None else status
    return (
        *(_clock(span.start), each.trace_id, span.id, span.service, method, span.operation),
        *(start // 1000, start, round(span.duration * 1e6), code, span.parent_id or ""),
    )


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")


def _table(file: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(columns)
        count = 0
        for count, row in enumerate(rows, start=1):  # noqa: B007 - the last number is how many there were
            writer.writerow(row)
    return count
