from __future__ import annotations

from pathlib import Path

import pytest

from labctl.operate.interfaces import interfaces
from tests.support.fake_lab import make_lab


def test_each_interface_has_its_address_and_grafana_only_where_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    assert interfaces(lab) == {
        "gateway": "http://127.0.0.1:20000",
        "prometheus": "http://127.0.0.1:20001",
        "telemetry": "http://127.0.0.1:20002",
        "postgres": "postgresql://observer@127.0.0.1:20003/payments",
        "grafana": None,
    }
    lab.store.set("services", {"names": ["gateway", "grafana"]})
    assert interfaces(lab)["grafana"] == "http://127.0.0.1:20004"
