from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labctl.base.errors import CatalogueError
from labctl.catalogue import catalogue
from labctl.catalogue.fault_errors import FaultFileError
from labctl.catalogue.fault_files import fault_paths, load_file
from labctl.catalogue.skeleton import fault_text
from labctl.model.fault import Fault
from tests.support.catalogue import FAULTS

OWN = fault_text("own-fault")


def put(folder: Path, text: str, name: str = "own_fault.py") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def load_folder(folder: Path) -> tuple[Fault, ...]:
    return tuple(map(load_file, fault_paths(folder)))


def outcome(path: Path) -> str:
    try:
        return load_file(path).id
    except FaultFileError as error:
        return "refused" if error.what.startswith(f"{path}: {error.field}: ") else error.what


def test_a_folder_s_faults_join_the_shipped_ones(tmp_path: Path) -> None:
    put(tmp_path, OWN)
    put(tmp_path, fault_text("another-one"), "another_one.py")
    assert [fault.id for fault in load_folder(tmp_path)] == ["another-one", "own-fault"]
    assert catalogue.known(tmp_path)[: len(FAULTS)] == FAULTS == catalogue.known()
    assert catalogue.find("own-fault", tmp_path).folder == tmp_path


def test_faults_may_share_what_a_file_with_an_underscore_holds(tmp_path: Path) -> None:
    put(tmp_path, "SHARED_DIFFICULTY = 4\n", "_shared_by_own_faults.py")
    path = put(tmp_path, OWN.replace("difficulty=3", "difficulty=SHARED_DIFFICULTY"))
    path.write_text(path.read_text().replace("from faults", "from _shared_by_own_faults import *\nfrom faults", 1))
    assert load_folder(tmp_path)[0].difficulty == 4


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("import nowhere_at_all", "line 1", "ModuleNotFoundError"),
        ("\n\nx = 1 +", "line 3", "SyntaxError"),
        ("x = 1\nraise SystemExit(3)", "line 2", "SystemExit"),
        ("", "FAULT", "is not there"),
        ("FAULT = 1", "FAULT", "is no Fault, but int"),
        (OWN.replace("Mechanism.NOTHING_WRONG", "Mechanism.NOTHING_RIGHT"), "line 33", "NOTHING_RIGHT"),
        (OWN.replace("Category.CODE", "'code'"), "category", "expected a Category"),
        (OWN.replace("    inject=inject,\n", ""), "line ", "'inject'"),
        (OWN.replace('id="own-fault"', 'id="other-fault"'), "id", "the file is not named other_fault.py"),
        (OWN.replace('id="own-fault"', 'id=["own-fault"]'), "id", "holds a list, expected a str"),
    ],
)
def test_what_is_no_fault_is_said_by_file_and_field(tmp_path: Path, text: str, field: str, said: str) -> None:
    path = put(tmp_path, text)
    with pytest.raises(FaultFileError) as caught:
        load_folder(tmp_path)
    assert caught.value.what.startswith(f"{path}: {field}")
    assert said in caught.value.problem


def test_a_shipped_id_is_taken(tmp_path: Path) -> None:
    taken = FAULTS[0].id
    path = put(tmp_path, fault_text(taken), f"{taken.replace('-', '_')}.py")
    with pytest.raises(FaultFileError, match="the id of a fault that labctl comes with"):
        load_file(path)


def test_what_a_file_prints_is_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, f"{OWN}print('hello')\n")
    load_folder(tmp_path)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "hello\n")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own_fault.py")
    with pytest.raises(FaultFileError, match="is no file"):
        load_folder(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there is no folder"):
        load_folder(tmp_path / "nowhere")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(OWN.splitlines()) - 1))
def test_a_file_that_lost_a_line_loads_or_is_refused_by_name(tmp_path: Path, lost: int) -> None:
    lines = OWN.splitlines()
    path = put(tmp_path, "\n".join([*lines[:lost], "", *lines[lost + 1 :]]))
    assert outcome(path) in ("own-fault", "refused")
