import time
from pathlib import Path

import pytest

from labctl.base import boot_clock
from labctl.base.boot_clock import Anchor, anchor


@pytest.fixture(autouse=True)
def clocks(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    at = {"ticks": 100.0, "wall": 5000.0}
    monkeypatch.setattr(boot_clock, "ticks", lambda: at["ticks"])
    monkeypatch.setattr(boot_clock, "boot", lambda: "one")
    monkeypatch.setattr(time, "time", lambda: at["wall"])
    return at


@pytest.mark.parametrize("wall", [0.0, 4000.0, 9e9])
def test_within_one_run_of_the_machine_the_wall_clock_does_not_matter(clocks: dict[str, float], wall: float) -> None:
    began = anchor()
    clocks.update(ticks=130.0, wall=wall)
    assert began.now() == 5030


@pytest.mark.parametrize(("wall", "now"), [(5600.0, 5600.0), (4000.0, 5000.0)])
def test_after_another_start_the_wall_clock_counts_but_never_back(
    clocks: dict[str, float], wall: float, now: float
) -> None:
    clocks.update(wall=wall)
    assert Anchor("another", 7.0, 5000.0).now() == now


def test_where_starts_have_no_name_a_count_that_went_back_tells(clocks: dict[str, float]) -> None:
    clocks.update(wall=5600.0)
    assert Anchor("one", 101.0, 5000.0).now() == 5600


def test_the_real_clock_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    assert boot_clock.ticks() <= boot_clock.ticks()
    assert boot_clock.boot() == boot_clock.boot()
    monkeypatch.setattr(boot_clock, "_BOOT_ID", tmp_path / "none")
    assert boot_clock.boot() == ""
