from __future__ import annotations

from pathlib import Path

import pytest

from labctl.operate import background
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
        "room": None,
    }
    lab.store.set("services", {"names": ["gateway", "grafana"]})
    assert interfaces(lab)["grafana"] == "http://127.0.0.1:20004"


def test_the_room_has_an_address_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    lab.store.room.open(20005)
    assert interfaces(lab)["room"] is None
    with background.only_one("lab", background.ROOM):
        assert interfaces(lab)["room"] == "http://127.0.0.1:20005/room/lab/"
        lab.store.room.close()
        assert interfaces(lab)["room"] is None


def test_where_the_host_does_not_let_us_see_it_is_where_it_should_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    lab.store.room.open(20005)
    background._lock("lab", background.ROOM).mkdir()
    assert interfaces(lab)["room"] == "http://127.0.0.1:20005/room/lab/"
