from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base import paths
from labctl.lab.measuring import MeasuringClient
from labctl.lookups.prometheus import PrometheusClient
from labctl.state.fog import FogFile


def test_probes_ask_with_wider_windows_in_fog_and_as_written_where_it_is_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(PrometheusClient, "query", lambda _self, promql, _at: asked.append(promql) or [])
    monkeypatch.setattr(PrometheusClient, "query_range", lambda _self, promql, *_span: asked.append(promql) or [])
    fog = FogFile(tmp_path / "fog" / "fog.json", paths.bundle_root() / "compose" / "config" / "fog.json")
    client = MeasuringClient("http://127.0.0.1:1", fog)
    for level in ("clear", "dense"):
        fog.write(fog.with_level(level))
        client.query("rate(a[10s])")
        client.query_range("rate(a[10s])", 0, 1, 1)
        client.scalar("rate(a[10s])")
    assert asked == ["rate(a[10s])"] * 3 + ["rate(a[55s])"] * 3
