import sys
from pathlib import Path

import pytest

from labctl.catalogue.fault_errors import FaultFileError, error_in
from labctl.catalogue.fault_files import load_file


def told(folder: Path, text: str, shared: str = "") -> FaultFileError:
    """What is said of a fault with this text, beside a file that it shares."""
    (folder / "_shared_here.py").write_text(shared, "utf-8")
    (folder / "own_fault.py").write_text(text, "utf-8")
    with pytest.raises(FaultFileError) as caught:
        load_file(folder / "own_fault.py")
    return caught.value


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "_shared_here", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.mark.parametrize(
    ("shared", "line", "said"), [("\nx = (1\n", 2, "SyntaxError: "), ("x = 1\n\n1 / 0\n", 3, "ZeroDivisionError: ")]
)
def test_the_file_that_is_wrong_is_named_not_the_one_that_imports_it(
    tmp_path: Path, shared: str, line: int, said: str
) -> None:
    error = told(tmp_path, "import _shared_here\n", shared)
    assert (error.path.name, error.field) == ("_shared_here.py", f"line {line}")
    assert error.problem.startswith(said)


def test_a_word_that_is_in_no_vocabulary_gets_the_nearest(tmp_path: Path) -> None:
    error = told(tmp_path, "from labctl.model.vocabulary import Mechanism\nMechanism.TIMEOUT_TO_SHORT\n")
    assert error.problem == "no Mechanism named 'TIMEOUT_TO_SHORT'; did you mean 'TIMEOUT_TOO_SHORT'?"


@pytest.mark.parametrize(("text", "field"), [("x = 1\x00", "line 1"), ("raise BaseException('no')", "line 1")])
def test_whatever_a_file_does_to_python_has_a_line(tmp_path: Path, text: str, field: str) -> None:
    assert told(tmp_path, text).field == field


UNSPEAKABLE = """class E(Exception):
    def __str__(self):
        raise ValueError("x")
raise E"""


def test_an_error_that_can_not_say_what_it_is_has_its_kind(tmp_path: Path) -> None:
    assert told(tmp_path, UNSPEAKABLE).problem == "E"


def test_what_is_not_utf_8_is_said_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own_fault.py"
    path.write_bytes(b"# -*- coding: latin-1 -*-\n# caf\xe9\n")
    with pytest.raises(FaultFileError, match="line 2: is not UTF-8"):
        load_file(path)


def test_an_error_from_elsewhere_is_nobodys_here(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int("x")
    assert error_in(tmp_path, caught.value) is None
