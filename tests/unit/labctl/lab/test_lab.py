from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.errors import CatalogueError, EngineError, InputError, LabStateError, NotFoundError
from labctl.images import releases
from labctl.images.images import Images
from labctl.lab import calibration, cpu_share
from labctl.lab import lab as lab_module
from labctl.lab.lab import RELEASES, RESTORER, Lab
from labctl.lab.merchant_import import MerchantImport
from labctl.state.journal import LOOK_UP
from tests.support.fake_lab import FakeStack, make_lab

TTL = "FEATURE_CACHE_TTL_SECONDS"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def cut(lab: Lab, value: str = "5") -> object:
    return lab.change_config("risk", TTL, value, author="c.meyer", summary="Fresher features")


def test_a_lab_that_was_never_made_is_not_found_but_its_neighbour_is_named(made: tuple[Lab, FakeStack]) -> None:
    with pytest.raises(NotFoundError) as caught:
        Lab.open("labb")
    assert caught.value.near == "lab"
    assert caught.value.todo == "start it: labctl up --name labb"
    with pytest.raises(InputError):
        Lab.open("No Lab")
    assert Lab.open("lab").record.name == "lab"


def test_published_ports_are_reached_over_loopback_unless_bound_elsewhere(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    assert lab.url(20000) == "http://127.0.0.1:20000"
    lab.store.save(replace(lab.record, bind="0.0.0.0"))  # noqa: S104
    assert lab.url(1) == "http://127.0.0.1:1"
    lab.store.save(replace(lab.record, bind="10.0.0.5"))
    assert lab.url(1) == "http://10.0.0.5:1"


def test_the_flag_is_only_needed_for_other_names(made: tuple[Lab, FakeStack]) -> None:
    assert made[0].flag == ""
    assert Lab("blue").flag == " --name blue"


def test_a_change_reaches_the_file_the_feed_and_the_container(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    before = lab.config("risk")
    change = lab.change_config("risk", TTL, "5", author="c.meyer", summary="Fresher features")
    assert lab.config("risk") == {**before, TTL: "5"} != before
    assert stack.rollouts == ["risk"]
    assert lab.store.changes.list() == [change]
    assert change is not None
    assert (change.kind, change.component, change.author) == ("configuration", "risk", "c.meyer")
    assert (change.old, change.new) == (f"{TTL}=3600", f"{TTL}=5")
    assert f"-{TTL}=3600\n+{TTL}=5\n" in change.detail


def test_a_change_to_the_same_value_touches_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert cut(lab, "3600") is None
    assert stack.rollouts == []
    assert lab.store.changes.list() == []


def test_unknown_services_and_settings_get_the_nearest(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    with pytest.raises(NotFoundError) as caught:
        lab.change_config("rsk", TTL, "5", author="a", summary="s")
    assert caught.value.near == "risk"
    with pytest.raises(NotFoundError) as caught:
        lab.change_config("risk", "FEATURE_TTL_SECONDS", "5", author="a", summary="s")
    assert caught.value.near == TTL
    assert stack.rollouts == []


def test_restoring_gives_back_the_shipped_text_comments_included(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    shipped = lab.configuration.text("risk")
    cut(lab)
    change = lab.restore_config("risk")
    assert lab.configuration.text("risk") == shipped
    assert shipped.startswith("#")
    assert stack.rollouts == ["risk", "risk"]
    assert change is not None
    assert (change.author, change.new) == (RESTORER, f"{TTL}=3600")


def test_restoring_what_was_not_changed_touches_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert lab.restore_config("risk") is None
    assert stack.rollouts == []


def test_a_roll_out_that_was_cut_short_is_done_again(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.fails_with = EngineError("killed in the middle")
    with pytest.raises(EngineError):
        cut(lab)
    stack.fails_with = None
    assert cut(lab) is None
    assert stack.rollouts == ["risk", "risk"]
    assert len(lab.store.changes.list()) == 1
    assert cut(lab) is None
    assert stack.rollouts == ["risk", "risk"]


def test_a_heal_that_was_cut_short_after_the_file_still_rolls_out(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    cut(lab)
    stack.fails_with = EngineError("killed in the middle")
    with pytest.raises(EngineError):
        lab.restore_config("risk")
    stack.fails_with = None
    lab.restore_config("risk")
    assert stack.rollouts == ["risk"] * 3


def test_look_ups_are_recorded(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.looked_up("metrics", promql="up")
    assert [entry.payload for entry in lab.journal.entries(kind=LOOK_UP)] == [{"command": "metrics", "promql": "up"}]


def test_credentials_come_from_the_labs_own_file(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(LabStateError, match="has no OBSERVER_DB_PASSWORD"):
        lab.credential("OBSERVER_DB_PASSWORD")
    lab.write_env()
    password = lab.credential("OBSERVER_DB_PASSWORD")
    lab.write_env()
    assert len(password) == 32
    assert lab.credential("OBSERVER_DB_PASSWORD") == password


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, str]]:
    """Make payments have a release 2.15.0, and image builds do nothing but be remembered."""
    built: list[tuple[str, str]] = []
    known = releases.Release("payments", "2.15.0", "a.silva", releases.date(2026, 3, 1), "Round amounts")
    monkeypatch.setattr(releases, "versions", lambda _service, *_: ["2.14.0", "2.15.0"])
    monkeypatch.setattr(releases, "release", lambda _service, version, _own: known if version == "2.15.0" else None)
    monkeypatch.setattr(releases, "source_tree", lambda _service, _version, _own: tmp_path)
    monkeypatch.setattr(releases, "diff", lambda _service, old, new, _own: f"{old}..{new}")
    monkeypatch.setattr(
        Images, "build_service", lambda _self, service, version, _tree: built.append((service, version))
    )
    assert lab_module.Images is Images
    return built


def test_a_release_is_built_rolled_out_and_in_the_feed(
    made: tuple[Lab, FakeStack], released: list[tuple[str, str]]
) -> None:
    lab, stack = made
    change = lab.deploy("payments", "2.15.0")
    assert released == [("payments", "2.15.0")]
    assert stack.rollouts == ["payments"]
    assert lab.version("payments") == "2.15.0"
    assert "PAYMENTS_VERSION=2.15.0\n" in (lab.folder / "lab.env").read_text()
    assert change is not None
    assert (change.kind, change.author, change.summary) == ("release", "a.silva", "Round amounts")
    assert (change.old, change.new, change.detail) == ("2.14.0", "2.15.0", "2.14.0..2.15.0")


def test_a_release_is_rolled_back_to_what_was_shipped(
    made: tuple[Lab, FakeStack], released: list[tuple[str, str]]
) -> None:
    lab, stack = made
    lab.deploy("payments", "2.15.0")
    change = lab.restore_release("payments")
    assert lab.version("payments") == "2.14.0"
    assert lab.store.get(RELEASES) == {}
    assert "PAYMENTS_VERSION" not in (lab.folder / "lab.env").read_text()
    assert stack.rollouts == ["payments", "payments"]
    assert change is not None
    assert change.summary == "Roll back to 2.14.0"
    assert lab.restore_release("payments") is None
    assert stack.rollouts == ["payments", "payments"]


def test_the_way_back_does_not_depend_on_releases_of_ones_own(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = made
    monkeypatch.setattr(Images, "build_service", lambda *_: None)
    shipped = lab.version("payments")
    lab.deploy("payments", "2.15.0")
    clash = lab.own_releases / "payments" / "2.15.0.patch"
    clash.parent.mkdir(parents=True)
    clash.write_text("")
    with pytest.raises(CatalogueError, match="is there already"):
        lab.deploy("payments", "2.14.1")
    assert lab.restore_release("payments") is not None
    assert lab.version("payments") == shipped
    assert lab.restore_release("payments") is None


def test_the_acquirer_changes_without_a_word_in_the_feed(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.change_acquirer(DETOUR_RATIO="0.03")
    assert lab.config("acquirer")["DETOUR_RATIO"] == "0.03"
    lab.restore_acquirer()
    lab.restore_acquirer()
    assert lab.config("acquirer")["DETOUR_RATIO"] == "0"
    assert stack.rollouts == ["acquirer", "acquirer"]
    assert lab.store.changes.list() == []
    assert lab.store.touched_at > 0
    with pytest.raises(NotFoundError) as caught:
        lab.change_acquirer(DETOURS="0.03")
    assert caught.value.near == "DETOUR_RATIO"


def test_an_acquirer_cut_short_is_told_again(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.fails_with = EngineError("killed in the middle")
    with pytest.raises(EngineError):
        lab.change_acquirer(DETOUR_RATIO="0.03")
    stack.fails_with = None
    lab.restore_acquirer()
    assert lab.config("acquirer")["DETOUR_RATIO"] == "0"
    assert stack.rollouts == ["acquirer", "acquirer"]


def test_what_things_cost_is_measured_once_and_kept(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert (lab.calibration, lab.speed) == (None, None)
    found = lab.calibrate()
    assert lab.calibration == found
    assert lab.speed == found.speed == 1
    assert lab.store.record.calibration == found.document()
    scripts = len(stack.docker.scripts)
    assert Lab("lab").calibration == lab.calibrate() == found
    assert len(stack.docker.scripts) == scripts


def test_measuring_changes_nothing_else_of_the_record(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    before = lab.record
    lab.calibrate()
    assert replace(lab.record, calibration=None) == before


def test_a_database_that_cannot_be_measured_leaves_the_record_as_it_was(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    before = lab.record
    stack.docker.refuses.add("exec")
    with pytest.raises(EngineError):
        lab.calibrate()
    assert lab.record == before


IMPORT = MerchantImport(7, payments=200, reference="OLD-")


def loaded(stack: FakeStack) -> int:
    """Return how many rows were copied in."""
    return sum("\tOLD-" in line for each in stack.docker.scripts for line in each.splitlines())


@pytest.mark.parametrize(("scan_ms", "rows"), [(None, 200), (9.0, 200), (4.5, 400), (36.0, 200), (0.009, 1600)])
def test_a_merchant_brings_as_much_as_takes_the_reference_as_long(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch, scan_ms: float | None, rows: int
) -> None:
    lab, stack = made
    if scan_ms is not None:
        stack.docker = replace(stack.docker, scan_ms=scan_ms)
        lab.calibrate()
    lab.import_payments(IMPORT)
    assert loaded(stack) == rows <= calibration.MOST_SPEED * IMPORT.payments


def test_whatever_came_in_is_taken_out_again(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker = replace(stack.docker, scan_ms=4.5)
    lab.calibrate()
    lab.import_payments(IMPORT)
    lab.remove_import(IMPORT)
    assert stack.docker.scripts[-1] == IMPORT.removal
    assert stack.docker.seen().imported == set()


def test_the_share_of_the_cpu_lies_beside_the_labs_settings(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.write_env()
    assert not (lab.folder / cpu_share.FILE_NAME).exists()
    lab.store.save(replace(lab.record, cpu_share=0.5))
    lab.write_env()
    assert '"cpu_quota": 50000' in (lab.folder / cpu_share.FILE_NAME).read_text()
    lab.store.save(replace(lab.record, cpu_share=1.0))
    lab.write_env()
    assert not (lab.folder / cpu_share.FILE_NAME).exists()


def test_redis_tells_what_its_memory_is_used_for(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert 0 < lab.redis_memory().cached < lab.redis_memory().used < stack.docker.used_memory
