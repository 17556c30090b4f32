from __future__ import annotations

import json
from pathlib import Path

import pytest

from labctl.cli.commands.drill import list_, run, status
from tests.support.catalogue import use_only
from tests.support.world import World

Said = pytest.CaptureFixture[str]


def test_lists_the_shipped_ones(capsys: Said) -> None:
    list_()
    assert "on-call-rehearsal" in capsys.readouterr().out
    list_(as_json=True)
    assert json.loads(capsys.readouterr().out)["drills"][0]["name"] == "first-hour"


def test_shows_page_and_end_and_never_the_fault(
    world: World, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_only(monkeypatch, world.fault())
    file = tmp_path / "one.yaml"
    file.write_text("title: Just one\nincidents:\n  - fault: example-fault\n    limit: 15m\n")
    run(str(file))
    status()
    status(as_json=True)
    said = capsys.readouterr()
    assert "Just one: PAGE: Checkouts fail" in said.out
    assert "Just one: done" in said.out
    assert "timed-out" in said.out
    assert "example-fault" not in said.out + said.err
