from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labctl.base.errors import NotFoundError
from labctl.catalogue import colleagues
from labctl.catalogue.colleagues import ChangeFileError

GOOD = """
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.vocabulary import Component

CHANGE = ColleaguesChange("a-change", ChangeKind.JOB, Component.JOBS, "", lambda lab, draw: None)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of colleagues' changes of the test's own: one good file, and two that are listed and bad."""
    folder = tmp_path / "some_colleagues"
    folder.mkdir()
    (folder / "__init__.py").write_text('CHANGES = ("a-change", "raises", "empty", "misnamed", "missing")\n')
    (folder / "a_change.py").write_text(GOOD)
    (folder / "raises.py").write_text("x = 1\nraise SystemExit(3)\n")
    (folder / "empty.py").write_text("")
    (folder / "misnamed.py").write_text(GOOD)
    monkeypatch.setattr(colleagues, "PACKAGE", folder)
    monkeypatch.syspath_prepend(str(tmp_path))
    colleagues._load.cache_clear()
    yield folder
    colleagues._load.cache_clear()
    for name in [each for each in sys.modules if each.split(".")[0] == folder.name]:
        del sys.modules[name]


@pytest.mark.usefixtures("package")
def test_a_bad_file_harms_no_other() -> None:
    changes, broken = colleagues.usable()
    assert [each.id for each in changes] == ["a-change"]
    assert [each.path.name for each in broken] == ["raises.py", "empty.py", "misnamed.py", "missing.py"]


@pytest.mark.usefixtures("package")
def test_an_error_names_file_and_line() -> None:
    with pytest.raises(ChangeFileError, match=r"raises\.py: line 2: SystemExit"):
        colleagues.load("raises")


@pytest.mark.usefixtures("package")
def test_one_that_is_not_listed_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        colleagues.load("a-chang")


def test_a_list_that_is_none_is_told(package: Path) -> None:
    (package / "__init__.py").write_text("CHANGES = 3\n")
    with pytest.raises(ChangeFileError, match="no tuple"):
        colleagues.ids()


def test_every_shipped_change_loads() -> None:
    changes, broken = colleagues.usable()
    assert broken == ()
    assert len(changes) == len(set(colleagues.ids())) > 0
