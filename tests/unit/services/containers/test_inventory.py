from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.containers.inventory import Container, Inventory

A, B = "a" * 64, "b" * 64


def write(path: Path, *containers: tuple[str, str]) -> None:
    found = [{"id": identifier, "service": service} for identifier, service in containers]
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"project": "lab", "containers": found}))
    fresh.replace(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "containers.json"


def test_the_list(path: Path) -> None:
    write(path, (A, "gateway"), (B, "risk"))
    assert Inventory(path).containers() == [Container(A, "gateway"), Container(B, "risk")]
    assert Container(A, "gateway").short_id == "a" * 12


def test_it_is_read_again_only_when_it_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, (A, "gateway"))
    inventory = Inventory(path)
    first = inventory.containers()
    assert inventory.containers() is first
    write(path, (B, "gateway"))
    assert inventory.containers() == [Container(B, "gateway")]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"containers": [{}]}', '{"containers": 5}'])
def test_a_damaged_list_leaves_the_last_good_one(path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    write(path, (A, "gateway"))
    inventory = Inventory(path)
    inventory.containers()
    path.write_text(text)
    for _ in range(3):
        assert inventory.containers() == [Container(A, "gateway")]
    assert len(caplog.records) == 1


def test_without_a_list_there_is_nothing_yet(path: Path) -> None:
    inventory = Inventory(path)
    assert inventory.containers() == []
    write(path, (A, "gateway"))
    assert inventory.containers() == [Container(A, "gateway")]


def test_what_is_no_id_is_left_out(path: Path) -> None:
    write(path, ("../../etc", "x"), ("abc", "y"), (A, "z"))
    assert Inventory(path).containers() == [Container(A, "z")]
