"""Parquet: {normal,abnormal}_{metrics,logs,traces}.parquet, as data sets of root causes are laid out.

pyarrow is large, and only this needs it: `pip install 'oncall-lab[export]'`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from labctl.base.errors import HostError
from labctl.export import tables
from labctl.export.case import Case
from labctl.export.reading import Telemetry
from labctl.export.tables import Row
from labctl.model.measurement import Window

ROWS_A_GROUP = 50_000
TIME = {"time": "time"}
SPANS = {
    **TIME,
    **dict.fromkeys(("trace_id", "span_id", "parent_span_id", "service_name", "span_name"), "text"),
    "duration": "unsigned",
    **dict.fromkeys((tables.KIND, tables.STATUS, tables.HTTP_METHOD), "text"),
    tables.HTTP_STATUS: "whole",
    tables.REST: "text",
}
LINES = {
    **TIME,
    **dict.fromkeys(("trace_id", "span_id", "level", "service_name", "message", tables.REST), "text"),
}
SAMPLES = {**TIME, "metric": "text", "value": "number", "service_name": "text"}


def require() -> Any:  # noqa: ANN401 - a package without types, which may not be there
    """Import pyarrow. Raises HostError where it is not installed."""
    try:
        importlib.import_module("pyarrow.parquet")
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise HostError(
            f"Parquet can't be written: {error}",
            expected="the package pyarrow",
            todo="pip install 'oncall-lab[export]', in a checkout: "
            ".venv/bin/python -m pip install --require-hashes --requirement requirements/export.lock; "
            "or use --format rcaeval or otlp",
        ) from error


def write(case: Case, telemetry: Telemetry, folder: Path) -> dict[str, int]:
    """Write all six files; return how many rows each has."""
    require()
    rows = {}
    for prefix, window in case.windows:
        for kind, columns, found in _tables(telemetry, window):
            file = f"{prefix}_{kind}.parquet"
            rows[file] = _write(folder / file, columns, found)
    return rows


def _tables(telemetry: Telemetry, window: Window) -> Iterator[tuple[str, Mapping[str, str], Iterable[Row]]]:
    labels = dict.fromkeys(tables.metric_columns(telemetry.labels(window)), "text")
    samples = (row for name, found in telemetry.metrics(window) for row in tables.sample_rows(name, found))
    yield "metrics", {**SAMPLES, **labels}, samples
    yield "logs", LINES, map(tables.line_row, telemetry.lines(window))
    yield "traces", SPANS, map(tables.span_row, telemetry.spans(window))


def _write(file: Path, columns: Mapping[str, str], rows: Iterable[Row]) -> int:
    arrow = require()
    kinds = {
        "time": arrow.timestamp("ns", tz="UTC"),
        "text": arrow.string(),
        "number": arrow.float64(),
        "whole": arrow.int64(),
        "unsigned": arrow.uint64(),
    }
    schema = arrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
    waiting, written = iter(rows), 0
    with arrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(waiting, ROWS_A_GROUP)):
            writer.write_table(arrow.Table.from_pylist(group, schema=schema))
            written += len(group)
    return written
