"""The shipped faults, in a copy of the code in which a file is spoiled."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labctl.base.errors import EXIT_ERROR, NotFoundError
from labctl.base.paths import bundle_root
from labctl.catalogue import shipped

COPIED = ("labctl", "faults")
LEFT_OUT = shutil.ignore_patterns("__pycache__")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The code in a folder of its own."""
    for each in bundle_root().iterdir():
        if each.name in COPIED:
            shutil.copytree(each, tmp_path / each.name, ignore=LEFT_OUT)
        elif not each.name.startswith("."):
            (tmp_path / each.name).symlink_to(each)
    return tmp_path


def run(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labctl", *words], cwd=tree, capture_output=True, text=True, check=False, timeout=60
    )


def spoil(tree: Path, file: str, old: str, new: str) -> Path:
    path = tree / "faults" / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    return path


def test_a_fault_is_loaded_alone_and_once() -> None:
    first = shipped.ids()[0]
    assert shipped.load(first) is shipped.load(first)
    assert shipped.load(first).id == first


def test_an_unknown_one_gets_the_nearest() -> None:
    with pytest.raises(NotFoundError) as caught:
        shipped.load("whale-merchnt")
    assert caught.value.near == "whale-merchant"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("difficulty=", "difficulty=2 ", "SyntaxError"),
        ("M.DATA_SKEW", "M.DATA_SKEWED", "did you mean 'DATA_SKEW'?"),
        ("FAULT = ", "FAUL = ", "whale_merchant.py: FAULT: is not there"),
        ("FAULT = ", "raise SystemExit\nFAULT = ", "SystemExit"),
        ("FAULT = ", "FAULT = 1\n_FAULT = ", "is no Fault, but int"),
        ('id="whale-merchant"', 'id="white-whale"', "id: is 'white-whale', but the file is not named white_whale.py"),
    ],
)
def test_a_file_that_does_not_load_is_told_and_keeps_nobody_from_the_others(
    tree: Path, old: str, new: str, said: str
) -> None:
    path = spoil(tree, "whale_merchant.py", old, new)
    checked = run(tree, "faults", "check")
    assert checked.returncode == EXIT_ERROR
    assert f"{path}: " in checked.stdout
    assert said in checked.stdout
    listed = run(tree, "faults", "list", "--spoilers")
    assert listed.returncode == 0
    assert "risk-timeout-cut" in listed.stdout
    assert "whale-merchant" not in listed.stdout + listed.stderr
    assert "one fault does not load" in listed.stderr
    assert "Traceback" not in checked.stderr + listed.stderr


def test_a_fault_that_is_listed_and_not_there(tree: Path) -> None:
    spoil(tree, "__init__.py", '    "whale-merchant",\n', '    "whale-merchant",\n    "white-whale",\n')
    checked = run(tree, "faults", "check")
    assert checked.returncode == EXIT_ERROR
    assert "white_whale.py: FAULT: is listed in faults/__init__.py, and there is no such file" in checked.stdout


def test_only_what_needs_a_release_minds_that_it_is_misnamed(tree: Path) -> None:
    (tree / "services").unlink()
    shutil.copytree(bundle_root() / "services", tree / "services", ignore=LEFT_OUT)
    (tree / "services" / "releases" / "risk" / "foo.patch").write_text("no release")
    assert run(tree, "--version").returncode == 0
    checked = run(tree, "faults", "check")
    assert checked.returncode == EXIT_ERROR
    assert "foo.patch is not named after a version" in checked.stdout + checked.stderr
    assert "Traceback" not in checked.stderr


def test_what_a_file_prints_is_no_answer(tree: Path) -> None:
    spoil(tree, "whale_merchant.py", "FAULT = ", "print('hello')\nFAULT = ")
    done = run(tree, "faults", "list", "--json")
    assert "hello" not in done.stdout
    assert "hello\n" in done.stderr
