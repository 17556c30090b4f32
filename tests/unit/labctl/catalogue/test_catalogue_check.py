from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import CatalogueError
from labctl.base.paths import bundle_root
from labctl.catalogue import catalogue_check, shipped
from labctl.catalogue.catalogue_check import Finding, check_folder, check_shipped
from labctl.catalogue.fault_errors import FaultFileError
from labctl.catalogue.skeleton import fault_text
from tests.support.catalogue import FAULTS, use_only


def finished(fault_id: str) -> str:
    return re.sub(r"TODO\(\w+\): ", "", fault_text(fault_id))


def put(folder: Path, text: str, name: str = "own_fault.py") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_what_is_shipped_loads_and_is_listed_with_every_file() -> None:
    assert [each for each in check_shipped() if each.field not in ("faults", "root_cause")] == []


def test_a_file_that_is_not_listed_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    use_only(monkeypatch, *FAULTS[1:])
    left_out = [each.file for each in check_shipped() if "not in the list" in each.problem]
    assert left_out == [str(shipped.path_of(FAULTS[0].id))]


def test_documentation_that_says_something_else_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    use_only(monkeypatch, replace(FAULTS[0], difficulty=FAULTS[0].difficulty % 5 + 1))
    stale = [Path(each.file).name for each in check_shipped() if each.field == "faults"]
    assert stale == ["README.md", "faults.md"]


@pytest.mark.parametrize(
    ("changed", "field"), [({"accepted": FAULTS[0].root_cause}, "accepted"), ({"impact": None}, "impact")]
)
def test_a_shipped_fault_that_holds_something_else_is_said_by_field(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], field: str
) -> None:
    use_only(monkeypatch, replace(FAULTS[0], **changed), *FAULTS[1:])
    found = [each for each in check_shipped() if each.field not in ("faults", "root_cause", "title")]
    assert [(Path(each.file).stem, each.field) for each in found] == [(FAULTS[0].id.replace("-", "_"), field)]


def test_a_list_that_can_not_be_read_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> tuple[str, ...]:
        raise FaultFileError(Path("faults/__init__.py"), "CATALOGUE", "is no tuple of ids")

    monkeypatch.setattr(shipped, "ids", gone)
    assert [str(each) for each in check_shipped()] == ["faults/__init__.py: CATALOGUE: is no tuple of ids"]


def test_shipped_releases_are_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "no patch", "rsk/1.10.0.patch")
    monkeypatch.setattr(catalogue_check, "SHIPPED_RELEASES", tmp_path)
    assert [each.file for each in check_shipped() if each.field == "release"] == [str(path)]


def test_releases_that_are_no_folder(tmp_path: Path) -> None:
    put(tmp_path, finished("own-fault"))
    path = put(tmp_path, "", "releases")
    assert [(each.file, each.field) for each in check_folder(tmp_path)] == [(str(path), "release")]


def test_a_folder_without_a_fault(tmp_path: Path) -> None:
    put(tmp_path, "", "_shared.py")
    put(tmp_path, "", ".#own_fault.py")
    assert [str(each) for each in check_folder(tmp_path)] == [f"{tmp_path}: FAULT: no fault is in this folder"]


def test_a_sound_folder(tmp_path: Path) -> None:
    put(tmp_path, finished("own-fault"))
    assert check_folder(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ('"checkout", at_least', "'checkout\"}', at_least", "query", "is not PromQL"),
        ("must_not_move=(probes.traffic(stays(0.7, 1.4)),)", "must_not_move=()", "must_not_move", "no probe is given"),
        ("Link(Component.GATEWAY", "Link(Component.LEDGER", "chain[1]", "the chain jumps from ledger to clients"),
        ("difficulty=3", "difficulty=6", "difficulty", "no difficulty from 1 to 5"),
        ("Impact.CHECKOUT_ERRORS", "'everything'", "impact[0]", "expected an Impact"),
        ("Component.PAYMENTS", "Component.PAYMENT", "line", "did you mean 'PAYMENTS'?"),
        ("changes", "TODO(must_move): tell", "must_move", "still to do (line"),
    ],
)
def test_every_problem_has_its_file_and_field(tmp_path: Path, old: str, new: str, field: str, said: str) -> None:
    assert old in finished("own-fault") or old == "changes"
    text = finished("own-fault").replace(old, new) if old != "changes" else finished("own-fault") + f"# {new}\n"
    path = put(tmp_path, text)
    found = check_folder(tmp_path)
    assert {each.file for each in found} == {str(path)}
    assert any(field in each.field and said in each.problem for each in found), found


def test_what_is_left_to_do_in_its_test_is_said_too(tmp_path: Path) -> None:
    put(tmp_path, finished("own-fault"))
    test = put(tmp_path, "# TODO(test): say what it changes", "tests/test_own_fault.py")
    assert [str(each) for each in check_folder(tmp_path)] == [
        f"{test}: test: still to do (line 1): say what it changes"
    ]


def test_every_problem_of_a_file_is_said_at_once(tmp_path: Path) -> None:
    text = finished("own-fault").replace("difficulty=3", "difficulty='3'").replace('id="own-fault"', 'id="other-fault"')
    put(tmp_path, text.replace("Category.CODE", "'code'") + "# TODO(chain): more\n")
    assert {each.field for each in check_folder(tmp_path)} == {"id", "difficulty", "category", "chain"}


def test_a_test_that_can_not_be_read_hides_nothing(tmp_path: Path) -> None:
    put(tmp_path, finished("own-fault").replace("difficulty=3", "difficulty=6"))
    test = put(tmp_path, "", "tests/test_own_fault.py")
    test.write_bytes(b"\xff")
    assert {(Path(each.file).name, each.field) for each in check_folder(tmp_path)} == {
        ("own_fault.py", "difficulty"),
        ("test_own_fault.py", "line 1"),
    }


def test_what_is_left_to_do_in_what_faults_share_is_said_too(tmp_path: Path) -> None:
    put(tmp_path, finished("own-fault"))
    put(tmp_path, "# TODO(query): which one\n", "_shared.py")
    assert [Path(each.file).name for each in check_folder(tmp_path)] == ["_shared.py"]


def test_a_cause_that_somebody_else_has_is_said_by_its_place(tmp_path: Path) -> None:
    theirs = FAULTS[0].root_cause
    cause = f"RootCause(Component('{theirs.component}'), Trigger('{theirs.trigger}'), Mechanism('{theirs.mechanism}'))"
    put(
        tmp_path,
        finished("own-fault").replace("    inject=inject,\n", f"    inject=inject,\n    accepted=({cause},),\n"),
    )
    assert "accepted[0]" in {each.field for each in check_folder(tmp_path)}


def test_one_bad_file_does_not_hide_another(tmp_path: Path) -> None:
    put(tmp_path, "import nowhere_at_all")
    put(tmp_path, "1 +", "other_fault.py")
    assert {Path(each.file).name for each in check_folder(tmp_path)} == {"own_fault.py", "other_fault.py"}


def test_two_faults_that_can_not_be_told_apart(tmp_path: Path) -> None:
    put(tmp_path, finished("own-fault"))
    put(tmp_path, finished("other-fault"), "other_fault.py")
    said = {(Path(each.file).name, each.field) for each in check_folder(tmp_path)}
    assert ("own_fault.py", "root_cause") in said


@pytest.mark.parametrize("name", ["risk/latest.patch", "riks/2.0.0.patch", "risk/notes.txt", "risk/99.0.0.patch"])
def test_a_release_that_would_not_apply(tmp_path: Path, name: str) -> None:
    put(tmp_path, finished("own-fault"))
    path = put(tmp_path, "no patch", f"releases/{name}")
    assert [(each.file, each.field) for each in check_folder(tmp_path)] == [(str(path), "release")]


PATCH = """Author: a.silva
Date: 2026-03-01

Say less.

--- a/services/risk/__init__.py
+++ b/services/risk/__init__.py
@@ -1 +1 @@
-{before}
+def (
"""


@pytest.mark.parametrize("services_python", ["3.11", "9.0"])
def test_a_release_that_is_no_python_is_said_by_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, services_python: str
) -> None:
    monkeypatch.setattr(catalogue_check, "SERVICES_PYTHON", services_python)
    put(tmp_path, finished("own-fault"))
    before = (bundle_root() / "services/risk/__init__.py").read_text("utf-8").rstrip("\n")
    path = put(tmp_path, PATCH.format(before=before), "releases/risk/99.0.0.patch")
    found = [(each.file, each.field, each.problem) for each in check_folder(tmp_path)]
    said = "breaks services/risk/__init__.py, line 1: invalid syntax"
    # A Python older than the services' can't tell what is one.
    assert found == ([(str(path), "release", said)] if services_python == "3.11" else [])


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there is no folder"):
        check_folder(tmp_path / "nowhere")


def test_a_finding_reads_as_one_line() -> None:
    assert str(Finding("a.py", "chain", "too short")) == "a.py: chain: too short"
