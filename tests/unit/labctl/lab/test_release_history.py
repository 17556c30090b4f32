from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import NotFoundError
from labctl.images import releases
from labctl.images.patches import diff
from labctl.lab import release_history
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.mechanism import RESTORER
from labctl.state.change_feed import NewChange
from tests.support.fake_lab import make_lab

APP, VERSION = "services/risk/app.py", "services/risk/VERSION"
SHIPPED = {VERSION: "1.9.2\n", APP: "ONE = 1\nTWO = 2\n"}
FIRST = {VERSION: "1.9.3\n", APP: "ONE = 1\nTWO = 3\n"}
SECOND = {VERSION: "1.10.0\n", APP: "ONE = 2\nTWO = 3\n"}
CATALOGUE = (
    f"Author: a.novak\nDate: 2026-03-04\n\nThe patch of this name\n\n{diff({APP: SHIPPED[APP]}, {APP: 'ONE = 9'})}"
)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    tree = {**SHIPPED, "services/releases/risk/1.10.0.patch": CATALOGUE, "loadgen/VERSION": "1.0.0\n"}
    for path, text in tree.items():
        (tmp_path / "bundle" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bundle" / path).write_text(text)
    monkeypatch.setattr(releases, "bundle_root", lambda: tmp_path / "bundle")
    return make_lab("lab", tmp_path, monkeypatch)[0]


def shipped(lab: Lab, old: dict[str, str], new: dict[str, str], author: str = "b.diaz", *, told: bool = True) -> None:
    detail = diff(old, new) if told else ""
    versions = old[VERSION].strip(), new[VERSION].strip()
    lab.store.changes.add(NewChange("release", "risk", f"Ship {versions[1]}", *versions, author, detail))


@pytest.fixture
def moved(lab: Lab) -> Lab:
    """A lab that has run two releases, the second under the number of a patch in the catalogue, and was healed."""
    shipped(lab, SHIPPED, FIRST)
    shipped(lab, FIRST, SECOND, "c.meyer")
    shipped(lab, SECOND, SHIPPED, RESTORER)
    return lab


def test_a_release_shows_its_own_change_and_who_made_it(moved: Lab) -> None:
    found = release_history.between(moved, "risk", "1.9.3", "1.10.0")
    assert found == release_history.Step(diff(FIRST, SECOND), "c.meyer", "Ship 1.10.0")


@pytest.mark.parametrize(("old", "new"), [(SHIPPED, SECOND), (SECOND, FIRST), (FIRST, SHIPPED), (SECOND, SECOND)])
def test_any_two_versions_that_ran_can_be_compared(moved: Lab, old: dict[str, str], new: dict[str, str]) -> None:
    found = release_history.between(moved, "risk", old[VERSION].strip(), new[VERSION].strip())
    assert found.diff == diff(old, new)
    assert found.author != RESTORER


def test_a_release_that_did_not_run_is_unknown_whatever_the_catalogue_has(lab: Lab) -> None:
    with pytest.raises(NotFoundError):
        release_history.between(lab, "risk", "1.9.2", "1.10.0")


def test_a_step_before_the_shipped_version_is_as_the_feed_tells_it(lab: Lab) -> None:
    shipped(lab, {**SHIPPED, VERSION: "1.9.1\n"}, SHIPPED)
    assert release_history.between(lab, "risk", "1.9.1", "1.9.2").diff == diff(
        {VERSION: "1.9.1\n"}, {VERSION: "1.9.2\n"}
    )


def test_what_is_known_is_what_is_shipped_and_what_ran(moved: Lab) -> None:
    assert release_history.known_versions(moved, "risk") == ["1.9.2", "1.9.3", "1.10.0"]
    with pytest.raises(NotFoundError) as caught:
        release_history.between(moved, "risk", "1.9.2", "1.9.33")
    assert caught.value.near == "1.9.3"


def test_a_diff_that_no_longer_fits_the_source_costs_only_the_versions_beyond_it(lab: Lab) -> None:
    shipped(lab, {**SHIPPED, APP: "gone\n"}, FIRST)
    shipped(lab, FIRST, SECOND)
    assert release_history.known_versions(lab, "risk") == ["1.9.2", "1.10.0"]
    assert release_history.between(lab, "risk", "1.9.3", "1.10.0").diff == diff(FIRST, SECOND)


def test_changes_of_other_kinds_and_services_are_no_steps(lab: Lab) -> None:
    lab.store.changes.add(NewChange("configuration", "risk", "", "1.9.2", "1.9.9", "b.diaz", diff(SHIPPED, FIRST)))
    lab.store.changes.add(NewChange("release", "payments", "", "1.9.2", "1.9.8", "b.diaz", diff(SHIPPED, FIRST)))
    assert release_history.known_versions(lab, "risk") == ["1.9.2"]
