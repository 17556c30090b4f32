"""The faults in "Write a fault" load, hold together and do what the page says they do."""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import Path
from typing import Any, cast, get_type_hints

import pytest

from labctl.base import paths
from labctl.catalogue import shipped, soundness
from labctl.catalogue.catalogue_check import check_folder
from labctl.catalogue.fault_names import file_name
from labctl.catalogue.skeleton import fault_text
from labctl.lab.lab import Lab
from labctl.model import probe
from labctl.model.draw import Draw, End, usual
from labctl.model.fault import Fault
from labctl.state.settings import ConfigurationFiles
from tests.support.markdown import ROOT, Page

PAGE = Page(ROOT / "docs" / "write-a-fault.md")
FILES = [block for block in PAGE.fences("python") if "FAULT = Fault(" in block]
FIRST, LAST = FILES[0], FILES[-1]


class Recorder:
    """A lab that only remembers what a fault asked of it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []

    @property
    def configuration(self) -> Recorder:
        return self

    def change(self, service: str, key: str, value: str, *, author: str, summary: str) -> None:
        assert author
        assert summary
        self.calls.append(("change", service, key, value))


def load(tmp_path: Path, block: str) -> Fault:
    path = tmp_path / "tutorial.py"
    path.write_text(block, "utf-8")
    spec = importlib.util.spec_from_file_location("tutorial", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    fault = module.FAULT
    assert isinstance(fault, Fault)
    return fault


def calls(fault: Fault, draw: Draw) -> list[tuple[str, ...]]:
    lab = Recorder()
    fault.break_lab(cast(Any, lab), draw)
    return lab.calls


@pytest.mark.parametrize("block", FILES)
def test_every_complete_file_holds_together(tmp_path: Path, block: str) -> None:
    assert soundness.problems(load(tmp_path, block)) == []


def test_the_last_one_is_sound(tmp_path: Path) -> None:
    fault = load(tmp_path, LAST)
    own = tmp_path / "own"
    own.mkdir()
    (own / file_name(fault.id)).write_text(LAST, "utf-8")
    assert check_folder(own) == []


def test_the_first_one_is_what_faults_new_writes_and_does_nothing(tmp_path: Path) -> None:
    fault = load(tmp_path, FIRST)
    assert fault_text(fault.id) == FIRST
    assert calls(fault, usual()) == []


@pytest.mark.parametrize("draw", [usual(), usual(End.HIGH), Draw(7)], ids=["low", "high", "drawn"])
def test_the_last_one_changes_a_setting_that_exists(tmp_path: Path, draw: Draw) -> None:
    fault = load(tmp_path, LAST)
    [(kind, service, key, value)] = calls(fault, draw)
    shipped = ConfigurationFiles(tmp_path, paths.bundle_root() / "compose" / "config").settings(service)
    assert kind == "change"
    assert int(value) < int(shipped[key])


def test_the_steps_on_the_way_are_parts_of_the_whole() -> None:
    steps = [block for block in PAGE.fences("python") if block not in FILES]
    assert steps
    assert all(step.strip() in LAST for step in steps)


def test_the_verbs_that_are_listed_exist_and_none_that_a_fault_uses_is_missing() -> None:
    doors = {match for span in PAGE.spans() for match in re.findall(r"^lab\.(\w+\.\w+)\(", span)}
    faults = "".join(path.read_text() for path in shipped.PACKAGE.glob("*.py"))
    assert {"configuration.change"} < set(re.findall(r"\blab\.(\w+\.\w+)\(", faults)) <= doors
    getters = inspect.getmembers(Lab, lambda member: isinstance(member, property))
    mechanisms = {name: get_type_hints(getter.fget)["return"] for name, getter in getters}
    assert all(hasattr(mechanisms[name], verb) for name, _, verb in (door.partition(".") for door in doors))


def test_the_tolerances_that_are_listed_exist() -> None:
    table = PAGE.text.split("| Tolerance |")[1].split("\n\n")[0]
    names = re.findall(r"`(\w+)\(", table)
    assert len(names) == 6
    assert all(callable(getattr(probe, name)) for name in names)


def test_a_fault_is_as_short_as_the_page_says() -> None:
    assert all(len(block.splitlines()) <= 80 for block in FILES)


def test_the_readme_shows_the_same_heart() -> None:
    [block] = Page(ROOT / "README.md").fences("python")
    assert all(line.split(", summary")[0].strip() in LAST for line in block.splitlines() if "lab." in line)
