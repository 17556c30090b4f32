from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from labctl.base.errors import CatalogueError, EngineError, NotFoundError
from labctl.images import releases
from labctl.images.images import Images
from labctl.images.patches import diff
from labctl.lab import undo
from labctl.lab.environment import RELEASES
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.mechanism import RESTORER
from labctl.lab.mechanisms.release import MADE
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


Built = list[tuple[str, str, str]]
"""Service, tag, and the version of the sources, for every image that was built; neither for the shipped one."""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make payments have releases 2.14.1, 2.15.0 and 2.16.0; the last fits only where 2.15.0 is not."""
    root = tmp_path / "bundle"
    texts = {
        "services/payments/VERSION": "2.14.0\n",
        "services/payments/app.py": BASE,
        "services/releases/payments/2.14.1.patch": patch(BASE.replace("LIMIT = 10", "LIMIT = 12"), "Raise the limit"),
        "services/releases/payments/2.15.0.patch": patch(BASE.replace("round(1)", "round(2)"), "Round amounts"),
        "services/releases/payments/2.16.0.patch": patch(BASE.replace("round(1)", "floor(1)"), "Floor amounts"),
        "services/risk/VERSION": "1.9.2\n",
        "services/__init__.py": "",
        "services/common/__init__.py": "",
        "loadgen/VERSION": "1.0.0\n",
    }
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    monkeypatch.setattr(releases, "bundle_root", lambda: root)
    return root


BASE = "LIMIT = 10\n" + "".join(f"STEP_{n} = {n}\n" for n in range(8)) + "amount = round(1)\n"


def patch(text: str, why: str) -> str:
    name = "services/payments/app.py"
    return f"Author: a.silva\nDate: 2026-03-01\n\n{why}\n\n" + diff({name: BASE}, {name: text})


@pytest.fixture
def built(bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Built:
    """Let image builds do nothing but be remembered."""
    made: Built = []

    def build(_self: Images, service: str, tag: str, write: Callable[[Path], None]) -> None:
        folder = tmp_path / "sources" / str(len(made))
        write(folder)
        made.append((service, tag, (folder / "services" / service / "VERSION").read_text().strip()))

    monkeypatch.setattr(Images, "build_service", build)
    monkeypatch.setattr(Images, "ensure_service", lambda _self, service: made.append((service, "", "")))
    return made


def images_left(lab: Lab) -> list[str]:
    return list((lab.store.get(MADE) or {"made": []})["made"])


def test_it_is_built_rolled_out_and_in_the_feed(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, stack = made
    change = lab.releases.deploy("payments", "2.15.0")
    ((service, tag, version),) = built
    assert (service, version) == ("payments", "2.15.0")
    assert re.fullmatch(r"[0-9a-f]{12}", tag)
    assert stack.rollouts == ["payments"]
    assert lab.releases.version("payments") == "2.15.0"
    assert f"PAYMENTS_VERSION=2.15.0\nPAYMENTS_TAG={tag}\n" in (lab.folder / "lab.env").read_text()
    assert change is not None
    assert (change.kind, change.author, change.summary) == ("release", "a.silva", "Round amounts")
    assert (change.old, change.new) == ("2.14.0", "2.15.0")
    assert changed_lines(change.detail) == ["-2.14.0", "+2.15.0", "-amount = round(1)", "+amount = round(2)"]
    assert lab.releases.deploy("payments", "2.15.0") is None


def test_what_is_shipped_has_the_next_number_as_the_lab_draws_it(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, _ = made
    change = lab.releases.ship("payments", "2.15.0", summary="Round better")
    assert change is not None
    assert (change.old, change.author, change.summary) == ("2.14.0", "a.silva", "Round better")
    assert change.new in {"2.14.1", "2.15.0"}
    assert built[-1][2] == change.new == lab.releases.version("payments")
    assert [each.release for each in lab.releases.running("payments")] == ["2.15.0"]
    assert lab.releases.ship("payments", "2.15.0") is None


def test_undoing_rolls_back_to_what_ran_before(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, stack = made
    lab.releases.deploy("payments", "2.15.0")
    undo.replay(lab)
    assert lab.releases.version("payments") == "2.14.0"
    assert lab.store.get(RELEASES) == {}
    assert not re.search("PAYMENTS_(VERSION|TAG)", (lab.folder / "lab.env").read_text())
    assert stack.rollouts == ["payments", "payments"]
    back = lab.store.changes.list()[-1]
    assert (back.author, back.summary) == (RESTORER, "Roll back to 2.14.0")


def test_a_version_that_cannot_be_built_changes_nothing(
    made: tuple[Lab, FakeStack], built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EngineError("the build failed")

    monkeypatch.setattr(Images, "build_service", fail)
    lab, stack = made
    with pytest.raises(EngineError):
        lab.releases.deploy("payments", "2.15.0")
    assert (stack.rollouts, lab.store.changes.list(), lab.store.undo_log.entries()) == ([], [], [])


def changed_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.match(r"[+-](?![+-])", line)]


@pytest.mark.parametrize(
    ("first", "second"), [(("2.14.1", "2.14.1"), ("2.15.0", "2.14.2")), (("2.15.0", "2.14.1"), ("2.14.1", "2.15.0"))]
)
def test_one_release_upon_another_shows_its_own_change_and_is_undone_alone(
    made: tuple[Lab, FakeStack], built: Built, first: tuple[str, str], second: tuple[str, str]
) -> None:
    lab, _ = made
    lab.releases.deploy("payments", first[0], version=first[1], author="b.diaz", summary="Mend")
    (below,) = lab.store.undo_log.entries()
    lab.store.undo_log.remove([below])  # it stays, as what a colleague shipped before
    before = lab.releases.running("payments")
    change = lab.releases.deploy("payments", second[0], version=second[1])

    assert change is not None
    assert (change.old, change.new, lab.releases.version("payments")) == (first[1], second[1], second[1])
    assert len(changed_lines(change.detail)) == 4, "a line of the source and the version"
    assert [each.release for each in lab.releases.running("payments")] == [first[0], second[0]]
    undo.replay(lab)
    assert lab.releases.running("payments") == before
    assert f"PAYMENTS_TAG={before[0].tag}\n" in (lab.folder / "lab.env").read_text()
    assert lab.store.changes.list()[-1].summary == f"Roll back to {first[1]}"


@pytest.mark.parametrize(
    ("release", "version", "message"),
    [
        ("2.16.0", "", "not as the patch expects"),
        ("2.14.1", "2.15.0", "payments 2.15.0 runs already"),
        ("2.14.1", "2.14.0", "payments 2.14.0 runs already"),
        ("2.14.1", "next", "'next' is no version of payments"),
    ],
)
def test_what_does_not_fit_upon_what_runs_changes_nothing(
    made: tuple[Lab, FakeStack], built: Built, release: str, version: str, message: str
) -> None:
    lab, stack = made
    lab.releases.deploy("payments", "2.15.0")
    before = (
        lab.releases.running("payments"),
        lab.store.changes.list(),
        lab.store.undo_log.entries(),
        images_left(lab),
    )
    with pytest.raises(CatalogueError, match=message):
        lab.releases.deploy("payments", release, version=version)
    after = (lab.releases.running("payments"), lab.store.changes.list(), lab.store.undo_log.entries(), images_left(lab))
    assert after == before
    assert (len(built), stack.rollouts) == (1, ["payments"])


def test_a_release_below_others_or_the_shipped_version_is_a_way_back(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, _ = made
    lab.releases.deploy("payments", "2.14.1")
    one = lab.releases.running("payments")
    lab.releases.deploy("payments", "2.15.0")
    back = lab.releases.deploy("payments", "2.14.1")
    assert back is not None
    assert (back.summary, back.author, lab.releases.running("payments")) == ("Roll back to 2.14.1", RESTORER, one)
    lab.releases.deploy("payments", "2.14.0", author="b.diaz", summary="Back out")
    assert lab.releases.running("payments") == ()
    assert lab.store.changes.list()[-1].author == "b.diaz"


def test_rolling_back_goes_by_the_versions_that_run(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, _ = made
    assert lab.releases.roll_back("payments") is None
    lab.releases.deploy("payments", "2.14.1", version="2.14.7")
    lab.releases.deploy("payments", "2.15.0", version="2.14.8")
    change = lab.releases.roll_back("payments", author="b.diaz")
    assert change is not None
    assert (change.old, change.new, change.author) == ("2.14.8", "2.14.7", "b.diaz")
    with pytest.raises(NotFoundError) as caught:
        lab.releases.roll_back("payments", "2.14.6")
    assert caught.value.near in ("2.14.0", "2.14.7")
    lab.releases.roll_back("payments", "2.14.0")
    assert lab.releases.running("payments") == ()
    undo.replay(lab)
    assert lab.releases.running("payments") == ()


def test_images_that_may_have_to_run_again_stay_and_the_others_are_removed(
    made: tuple[Lab, FakeStack], built: Built
) -> None:
    lab, stack = made
    lab.releases.deploy("payments", "2.14.1")
    lab.releases.deploy("payments", "2.15.0")
    lab.releases.roll_back("payments")
    lab.releases.tidy()
    assert len(images_left(lab)) == 2, "the heal will not need the second one, but the log names it"
    undo.replay(lab)
    lab.releases.tidy()
    assert images_left(lab) == []
    (removed,) = [each[1:] for each in stack.docker.commands if each[0] == "rmi"]
    assert sorted(removed) == sorted(f"labctl/payments:{tag}" for _, tag, _ in built[:2])


def test_patches_of_ones_own_stay_as_long_as_a_release_runs(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, _ = made
    own = lab.releases.own / "payments" / "2.17.0.patch"
    own.parent.mkdir(parents=True)
    own.write_text(patch(BASE.replace("LIMIT = 10", "LIMIT = 14"), "Raise it more"))
    lab.releases.deploy("payments", "2.17.0")
    lab.releases.tidy()
    assert own.exists()
    undo.replay(lab)
    lab.releases.tidy()
    assert not lab.releases.own.exists()


def test_a_build_that_was_killed_leaves_an_image_that_is_known(
    made: tuple[Lab, FakeStack], built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Images, "build_service", killed)
    lab, stack = made
    with pytest.raises(KeyboardInterrupt):
        lab.releases.deploy("payments", "2.15.0")
    (image,) = images_left(lab)
    lab.releases.tidy()
    assert ("rmi", image) in stack.docker.commands
    assert images_left(lab) == []


def test_an_image_in_use_is_removed_the_next_time(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, stack = made
    lab.releases.deploy("payments", "2.15.0")
    (image,) = images_left(lab)
    undo.replay(lab)
    stack.docker.images_kept.add(image)
    lab.releases.tidy()
    assert images_left(lab) == [image]
    stack.docker.images_kept.clear()
    lab.releases.tidy()
    assert images_left(lab) == []


def test_with_the_lab_all_of_its_images_go(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, stack = made
    lab.releases.deploy("payments", "2.15.0")
    (image,) = images_left(lab)
    lab.releases.remove_images()
    assert ("rmi", image) in stack.docker.commands
    lab.releases.restore_images()
    assert built[-1][1] == image.rpartition(":")[2]


def test_a_lab_of_an_older_labctl_is_healed(made: tuple[Lab, FakeStack], built: Built) -> None:
    lab, _ = made
    lab.store.set(RELEASES, {"payments": "2.15.0"})
    lab.store.undo_log.add("release", "payments", {"version": "2.14.0"})
    lab.environment.write()
    assert lab.releases.version("payments") == "2.15.0"
    assert "PAYMENTS_VERSION=2.15.0\nPAYMENTS_TAG=2.15.0\n" in (lab.folder / "lab.env").read_text()
    lab.releases.deploy("payments", "2.14.1", version="2.15.1")
    undo.replay(lab)
    assert lab.releases.running("payments") == ()


@pytest.mark.parametrize(("version", "running"), [("2.14.1", ["2.14.1"]), ("2.13.9", [])])
def test_an_older_labctl_s_way_back_leads_to_its_version_where_there_is_a_patch(
    made: tuple[Lab, FakeStack], built: Built, version: str, running: list[str]
) -> None:
    lab, _ = made
    lab.store.set(RELEASES, {"payments": "2.15.0"})
    lab.store.undo_log.add("release", "payments", {"version": version})
    undo.replay(lab)
    assert [each.release for each in lab.releases.running("payments")] == running


def test_unknown_versions_get_the_nearest(made: tuple[Lab, FakeStack]) -> None:
    with pytest.raises(NotFoundError):
        made[0].releases.deploy("payments", "2.15.1")
    with pytest.raises(NotFoundError) as caught:
        made[0].releases.deploy("payment", "2.15.0")
    assert caught.value.near == "payments"


def test_a_roll_back_that_was_cut_short_is_finished_and_told_once(made: tuple[Lab, FakeStack], built: Built) -> None:
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
