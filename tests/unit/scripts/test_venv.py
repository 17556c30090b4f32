"""scripts/venv.sh and the Makefile: what they say where they can't go on, and that repeats do nothing."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAKEFILE = (ROOT / "Makefile").read_text()

Stand = Callable[[str, str], None]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with only what the script needs."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "venv.sh", tmp_path / "scripts")
    return tmp_path


@pytest.fixture
def stand_in(checkout: Path) -> Stand:
    folder = checkout / "bin"
    folder.mkdir()
    for tool in ("bash", "dirname", "rm", "id", "env", "touch"):
        (folder / tool).symlink_to(shutil.which(tool) or tool)

    def make(name: str, script: str) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(f"#!/bin/bash\n{script}\n")
        (folder / name).chmod(0o755)

    return make


def run(checkout: Path, *locks: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", "scripts/venv.sh", *locks]
    variables = {"PATH": str(checkout / "bin"), **env}
    return subprocess.run(command, cwd=checkout, env=variables, capture_output=True, text=True, check=False)


def python(checkout: Path, *, ensurepip: bool = True) -> str:
    """A stand-in for a good Python: `-m venv` makes one more of itself, pip notes what it was asked for."""
    return f"""case "$*" in
*ensurepip*) [ -e "{checkout}/has-venv" ] || {"true" if ensurepip else "false"} ;;
"-c import sys; print("*) echo python3-venv ;;
*version_info*) exit 0 ;;
"-m venv .venv") mkdir -p .venv/bin 2>/dev/null || /bin/mkdir -p .venv/bin; /bin/cp "$0" .venv/bin/python ;;
--version) echo Python 3.13.5 ;;
*pip*) echo "$*" >> "{checkout}/pip.calls" ;;
esac"""


def pip_calls(checkout: Path) -> list[str]:
    return (checkout / "pip.calls").read_text().splitlines()


def test_a_new_environment_gets_the_locks_and_this_checkout(checkout: Path, stand_in: Stand) -> None:
    stand_in("python3", python(checkout))
    done = run(checkout, "labctl", "build")
    assert done.returncode == 0, done.stderr
    installed, editable = pip_calls(checkout)[-2:]
    assert "--require-hashes --requirement requirements/labctl.lock --requirement requirements/build.lock" in installed
    assert "--no-deps --no-build-isolation --editable ." in editable


def test_a_python_that_is_too_old_gets_a_clear_message(checkout: Path, stand_in: Stand) -> None:
    stand_in("python3", '[ "$1" = --version ] && echo Python 3.9.2 || exit 1')
    done = run(checkout, "labctl")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed; Python 3.9.2 is here" in done.stderr
    assert "to do: install one, then type: make PYTHON=" in done.stderr


def test_no_python_at_all_gets_one_too(checkout: Path, stand_in: Stand) -> None:
    done = run(checkout, "labctl")
    assert done.returncode == 1
    assert "no python3 is here" in done.stderr


def test_a_newer_python_under_its_own_name_is_found(checkout: Path, stand_in: Stand) -> None:
    stand_in("python3", "exit 1")
    stand_in("python3.12", python(checkout))
    assert run(checkout, "labctl").returncode == 0


def test_a_missing_venv_package_is_installed_where_that_is_allowed(checkout: Path, stand_in: Stand) -> None:
    stand_in("python3", python(checkout, ensurepip=False))
    stand_in("id", "echo 0")
    stand_in("apt-get", f'[ "$1" = install ] && touch "{checkout}/has-venv"; echo "$*" >> "{checkout}/apt.calls"')
    done = run(checkout, "labctl")
    assert done.returncode == 0, done.stderr
    assert (checkout / "apt.calls").read_text().splitlines()[-1].endswith("python3-venv")


def test_where_it_is_not_allowed_the_message_says_what_to_type(checkout: Path, stand_in: Stand) -> None:
    stand_in("python3", python(checkout, ensurepip=False))
    stand_in("id", "echo 1000")
    stand_in("sudo", "exit 1")
    stand_in("apt-get", "exit 0")
    done = run(checkout, "labctl")
    assert done.returncode == 1
    assert "to do: type: sudo apt-get install python3-venv" in done.stderr


def test_an_environment_that_works_is_kept(checkout: Path, stand_in: Stand) -> None:
    stand_in("python3", python(checkout))
    run(checkout, "labctl")
    (checkout / ".venv" / "mine").touch()
    run(checkout, "labctl")
    assert (checkout / ".venv" / "mine").exists()


def test_help_names_every_target_that_people_use() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ})
    for target in ("up", "test", "demo", "check", "bench", "shortcuts", "down", "help", "docs", "lock"):
        assert re.search(rf"^  make {target} ", done.stdout, re.MULTILINE)


def test_every_target_is_declared() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert targets == set(phony[1].split())


def test_a_second_make_installs_nothing(checkout: Path, stand_in: Stand) -> None:
    stand_in("python3", python(checkout))
    shutil.copy(ROOT / "Makefile", checkout)
    (checkout / "pyproject.toml").touch()
    (checkout / "requirements").mkdir()
    for lock in ("labctl", "build", "dev"):
        (checkout / "requirements" / f"{lock}.lock").touch()
    make = [shutil.which("make") or "make", "--no-print-directory", ".venv/.runtime"]
    env = {"PATH": str(checkout / "bin")}
    for _ in range(2):
        subprocess.run(make, cwd=checkout, env=env, capture_output=True, check=True)
    assert len([call for call in pip_calls(checkout) if "--require-hashes" in call]) == 1


def test_ci_runs_what_people_run() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make ")] == ["make ci </dev/null"]
    target = re.search(r"^ci: .*\n\t@(.*)$", MAKEFILE, re.MULTILINE)
    assert target
    assert target[1] == "bash scripts/test.sh lint"
