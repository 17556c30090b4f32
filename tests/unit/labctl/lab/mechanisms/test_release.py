from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from labctl.base.errors import CatalogueError, EngineError, NotFoundError
from labctl.images import releases
from labctl.images.images import Images
from labctl.lab import undo
from labctl.lab.environment import RELEASES
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.mechanism import RESTORER
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, str]]:
    """Make payments have a release 2.15.0, and image builds do nothing but be remembered."""
    built: list[tuple[str, str]] = []
    known = releases.Release("payments", "2.15.0", "a.silva", date(2026, 3, 1), "Round amounts")
    monkeypatch.setattr(releases, "versions", lambda _service, *_: ["2.14.0", "2.15.0"])
    monkeypatch.setattr(releases, "release", lambda _service, version, _own: known if version == "2.15.0" else None)
    monkeypatch.setattr(releases, "source_tree", lambda _service, _version, _own: tmp_path)
    monkeypatch.setattr(releases, "diff", lambda _service, old, new, _own: f"{old}..{new}")
    monkeypatch.setattr(
        Images, "build_service", lambda _self, service, version, _tree: built.append((service, version))
    )
    return built


def test_it_is_built_rolled_out_and_in_the_feed(made: tuple[Lab, FakeStack], built: list[tuple[str, str]]) -> None:
    lab, stack = made
    change = lab.releases.deploy("payments", "2.15.0")
    assert built == [("payments", "2.15.0")]
    assert stack.rollouts == ["payments"]
    assert lab.releases.version("payments") == "2.15.0"
    assert "PAYMENTS_VERSION=2.15.0\n" in (lab.folder / "lab.env").read_text()
    assert change is not None
    assert (change.kind, change.author, change.summary) == ("release", "a.silva", "Round amounts")
    assert (change.old, change.new, change.detail) == ("2.14.0", "2.15.0", "2.14.0..2.15.0")
    assert lab.releases.deploy("payments", "2.15.0") is None


def test_undoing_rolls_back_to_what_ran_before(made: tuple[Lab, FakeStack], built: list[tuple[str, str]]) -> None:
    lab, stack = made
    lab.releases.deploy("payments", "2.15.0")
    undo.replay(lab)
    assert lab.releases.version("payments") == "2.14.0"
    assert lab.store.get(RELEASES) == {}
    assert "PAYMENTS_VERSION" not in (lab.folder / "lab.env").read_text()
    assert stack.rollouts == ["payments", "payments"]
    back = lab.store.changes.list()[-1]
    assert (back.author, back.summary) == (RESTORER, "Roll back to 2.14.0")


def test_a_version_that_cannot_be_built_changes_nothing(
    made: tuple[Lab, FakeStack], built: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EngineError("the build failed")

    monkeypatch.setattr(Images, "build_service", fail)
    lab, stack = made
    with pytest.raises(EngineError):
        lab.releases.deploy("payments", "2.15.0")
    assert (stack.rollouts, lab.store.changes.list(), lab.store.undo_log.entries()) == ([], [], [])


def test_unknown_versions_get_the_nearest(made: tuple[Lab, FakeStack]) -> None:
    with pytest.raises(NotFoundError):
        made[0].releases.deploy("payments", "2.15.1")
    with pytest.raises(NotFoundError) as caught:
        made[0].releases.deploy("payment", "2.15.0")
    assert caught.value.near == "payments"


def test_a_roll_back_that_was_cut_short_is_finished_and_told_once(
    made: tuple[Lab, FakeStack], built: list[tuple[str, str]]
) -> None:
    lab, stack = made
    lab.releases.deploy("payments", "2.15.0")
    stack.fails_with = EngineError("killed in the middle")
    with pytest.raises(EngineError):
        undo.replay(lab)
    stack.fails_with = None
    undo.replay(lab)
    assert stack.rollouts == ["payments"] * 3
    assert len(lab.store.changes.list()) == 2


def test_the_way_back_does_not_depend_on_releases_of_ones_own(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    shipped = lab.releases.version("payments")
    lab.releases.deploy("payments", "2.15.0")
    clash = lab.releases.own / "payments" / "2.15.0.patch"
    clash.parent.mkdir(parents=True)
    clash.write_text("")
    with pytest.raises(CatalogueError, match="is there already"):
        lab.releases.deploy("payments", "2.14.1")
    undo.replay(lab)
    assert lab.releases.version("payments") == shipped
    assert lab.store.changes.list()[-1].detail == "", "it fits the sources no more: that costs only the diff"
