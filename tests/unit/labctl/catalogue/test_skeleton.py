from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import CatalogueError, HostError, InputError
from labctl.catalogue import skeleton, soundness
from labctl.catalogue.catalogue_check import check_folder
from labctl.catalogue.fault_files import load_file
from labctl.catalogue.fault_names import is_id
from labctl.catalogue.skeleton import MAX_ID, write_skeleton
from tests.support.catalogue import FAULTS

NAME = "risk-too-slow"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for each in ("faults", "tests/unit/faults"):
        (tmp_path / each).mkdir(parents=True)
    (tmp_path / "faults/__init__.py").write_text('CATALOGUE: tuple[str, ...] = (\n    "a-b",\n)\n')
    monkeypatch.setattr(skeleton, "checkout_root", lambda: tmp_path)
    return tmp_path


def test_in_a_folder_it_loads_holds_together_and_says_what_is_left_to_do(tmp_path: Path) -> None:
    fault, test = write_skeleton(NAME, tmp_path / "new")
    assert (fault, test) == (tmp_path / "new/risk_too_slow.py", tmp_path / "new/tests/test_risk_too_slow.py")
    assert load_file(fault).id == NAME
    assert soundness.problems(load_file(fault)) == []
    found = check_folder(fault.parent)
    asked = {each.field for each in found}
    assert {"story", "inject", "title", "root_cause", "chain", "must_not_move", "near_misses"} <= asked
    assert all("still to do (line " in each.problem for each in found)


def test_once_everything_is_done_nothing_is_asked_for(tmp_path: Path) -> None:
    path = write_skeleton(NAME, tmp_path)[0]
    path.write_text(re.sub(r"TODO\(\w+\): ", "", path.read_text()))
    assert check_folder(path.parent) == []


def test_its_tests_are_python_and_name_it(tmp_path: Path, checkout: Path) -> None:
    for path in (*write_skeleton(NAME, tmp_path / "own"), *write_skeleton(NAME)):
        compile(path.read_text(), path, "exec")
        assert "NAME" not in path.read_text()
        assert "MODULE" not in path.read_text()


def test_in_a_checkout_it_is_listed(checkout: Path) -> None:
    fault, test, listed = write_skeleton(NAME)
    assert fault == checkout / "faults/risk_too_slow.py"
    assert test == checkout / "tests/unit/faults/test_risk_too_slow.py"
    assert '"risk-too-slow",' in listed.read_text()


@pytest.mark.parametrize("there", ["risk_too_slow.py", "tests/test_risk_too_slow.py"])
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / there).write_text("mine")
    with pytest.raises(CatalogueError, match=f"{there} is there already"):
        write_skeleton(NAME, tmp_path)
    assert list(tmp_path.rglob("*.py")) == [tmp_path / there]
    assert (tmp_path / there).read_text() == "mine"


def test_the_id_of_a_shipped_fault_is_taken(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there is a fault named"):
        write_skeleton(FAULTS[0].id, tmp_path)


def test_without_sources_a_folder_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skeleton, "checkout_root", lambda: None)
    with pytest.raises(CatalogueError) as caught:
        write_skeleton(NAME)
    assert caught.value.todo == f"labctl faults new {NAME} --catalogue DIR"


@pytest.mark.parametrize(
    "name", ["", "slow", "Risk-slow", "risk_slow", "risk--slow", "-risk-slow", "3-risks", "../x-y", "a-b\n", "a-" * 40]
)
def test_what_is_no_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        write_skeleton(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HostError, match="cannot write"):
        write_skeleton("own-fault", tmp_path / "file" / "below")


@pytest.mark.parametrize("error", [HostError("disk full"), KeyboardInterrupt()])
def test_what_can_not_be_written_whole_leaves_nothing(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    before = {path: path.read_text() for path in checkout.rglob("*.py")}

    def write(path: Path, text: str) -> None:
        if path.name == "__init__.py":
            raise error
        path.write_text(text)

    monkeypatch.setattr(skeleton, "write_text", write)
    with pytest.raises(type(error)):
        write_skeleton(NAME)
    assert {path: path.read_text() for path in checkout.rglob("*.py")} == before


def test_a_home_that_nobody_has() -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        write_skeleton("own-fault", Path("~nobody-at-all/faults"))


@given(st.text(max_size=MAX_ID + 5))
def test_a_name_that_is_accepted_is_a_module_and_comes_back_from_its_file_name(name: str) -> None:
    if is_id(name):
        assert name.replace("-", "_").isidentifier()
        assert name.isascii()
        assert name.replace("-", "_").replace("_", "-") == name


@given(st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){1,5}", fullmatch=True))
def test_every_name_of_this_form_gives_a_file_that_compiles(name: str) -> None:
    assert is_id(name)
    assert f'id="{name}"' in skeleton.fault_text(name)
    compile(skeleton.fault_text(name), name, "exec")
