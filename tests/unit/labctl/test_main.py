"""`python -m labctl` on a catalogue that somebody is just writing: a copy of the code, with a file that is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labctl.base.errors import EXIT_ERROR, EXIT_OK
from labctl.base.paths import bundle_root

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


def test_a_whole_catalogue(tree: Path) -> None:
    assert run(tree, "--version").returncode == EXIT_OK


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("whale_merchant.py", "difficulty=", "difficulty=2 ", "SyntaxError"),
        ("whale_merchant.py", "M.DATA_SKEW", "M.DATA_SKEWED", "did you mean 'DATA_SKEW'?"),
        ("whale_merchant.py", "FAULT = ", "FAUL = ", "whale_merchant.py: FAULT: is not there"),
        ("whale_merchant.py", "FAULT = ", "raise SystemExit\nFAULT = ", "SystemExit"),
        ("__init__.py", "    whale_merchant,\n", "    whale_merchant,\n    white_whale,\n", "there is no white_whale"),
    ],
)
def test_a_fault_that_does_not_load_is_named_by_file_and_line(
    tree: Path, file: str, old: str, new: str, said: str
) -> None:
    path = tree / "faults" / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    done = run(tree, "faults", "check")
    assert done.returncode == EXIT_ERROR
    assert f"{tree}/faults/" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_shipped_release_that_is_misnamed_is_an_error_too(tree: Path) -> None:
    (tree / "services").unlink()
    shutil.copytree(bundle_root() / "services", tree / "services", ignore=LEFT_OUT)
    (tree / "services" / "releases" / "risk" / "foo.patch").write_text("no release")
    done = run(tree, "--version")
    assert done.returncode == EXIT_ERROR
    assert "foo.patch is not named after a version" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_listed_and_is_no_fault_is_no_bug(tree: Path) -> None:
    path = tree / "faults" / "whale_merchant.py"
    path.write_text(path.read_text("utf-8") + "FAULT = 'x'\n", "utf-8")
    done = run(tree, "faults", "list")
    assert done.returncode == EXIT_ERROR
    assert "the catalogue lists 'x', which is no fault" in done.stderr
    checked = run(tree, "faults", "check")
    assert f"{path}: FAULT: is no Fault, but str" in checked.stdout


def test_what_a_shipped_file_prints_is_no_answer(tree: Path) -> None:
    path = tree / "faults" / "whale_merchant.py"
    path.write_text(path.read_text("utf-8") + "print('hello')\n", "utf-8")
    done = run(tree, "--version")
    assert "hello" not in done.stdout
    assert done.stderr == "hello\n"
