from __future__ import annotations

import importlib
import math
from pathlib import Path

import pytest

from labctl.base.errors import HostError
from labctl.export import parquet, tables
from tests.support.exporting import ABNORMAL, HOSTILE, NORMAL, MadeUp, example_case


def test_without_pyarrow_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing(name: str) -> None:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(HostError, match="can't be written") as raised:
        parquet.write(example_case(), MadeUp(), tmp_path)
    assert "oncall-lab[export]" in raised.value.todo
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    files = pytest.importorskip("pyarrow.parquet")
    rows = parquet.write(example_case(), MadeUp(), tmp_path)
    assert set(rows) == {
        f"{when}_{what}.parquet" for when in ("normal", "abnormal") for what in ("metrics", "logs", "traces")
    }
    read = {file: files.read_table(tmp_path / file) for file in rows}
    assert {file: table.num_rows for file, table in read.items()} == rows
    for prefix, window in (("normal", NORMAL), ("abnormal", ABNORMAL)):
        lines = read[f"{prefix}_logs.parquet"].to_pylist()
        assert [line["message"] for line in lines] == [HOSTILE] * int(window.seconds)
        spans = read[f"{prefix}_traces.parquet"].to_pylist()
        assert [each["trace_id"] for each in spans] == [each.trace_id for each in MadeUp().spans(window)]
    failed = read["abnormal_traces.parquet"].to_pylist()[0]
    assert (failed["attr.status_code"], failed["attr.http.response.status_code"]) == ("Error", 502)
    assert failed["duration"] == 500_000_000
    metrics = read["normal_metrics.parquet"]
    assert str(metrics.schema.field("time").type) == "timestamp[ns, tz=UTC]"
    assert metrics.column_names == ["time", "metric", "value", "service_name", "attr.instance"]
    values = metrics.to_pylist()
    assert (values[0]["attr.instance"], values[-1]["attr.instance"]) == ("one", None)
    assert math.isnan(values[-2]["value"])
    assert tables.REST in read["normal_logs.parquet"].column_names
