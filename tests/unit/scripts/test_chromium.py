"""scripts/chromium.sh: a browser that is here is found; without one, nothing but Debian's is installed, by root."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "chromium.sh"
BASH = shutil.which("bash") or "bash"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with all the programs that there are."""
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def stand_in(programs: Path, name: str, script: str) -> None:
    path = programs / name
    path.write_text(f"#!{BASH}\n{script}\n")
    path.chmod(0o755)


def run(programs: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": str(programs)}
    return subprocess.run([BASH, SCRIPT], env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_one_that_is_here_is_found(programs: Path, name: str) -> None:
    stand_in(programs, name, "exit 1")
    done = run(programs)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{programs / name}\n", "")


def test_without_apt_none_is_installed(programs: Path) -> None:
    done = run(programs)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "no browser is here, and only Debian's can be installed; to do: install chromium\n"


def debian(programs: Path, apt: str, user: str) -> None:
    stand_in(programs, "grep", "exit 0")
    stand_in(programs, "id", f"echo {user}")
    stand_in(programs, "sudo", "exit 1")
    stand_in(programs, "env", 'shift; exec "$@"')
    stand_in(programs, "apt-get", apt)


def test_who_may_not_install_anything_is_told(programs: Path) -> None:
    debian(programs, "exit 1", "1000")
    assert "only root may install one" in run(programs).stderr


def test_root_gets_debians(programs: Path) -> None:
    made = programs / "chromium"
    add = f"if [ $1 = install ]; then echo >{made}; {shutil.which('chmod')} +x {made}; fi"
    debian(programs, add, "0")
    done = run(programs)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{made}\n", "")


def test_why_apt_could_not_is_said(programs: Path) -> None:
    debian(programs, "echo one; echo no such package >&2; exit 100", "0")
    done = run(programs)
    assert (done.returncode, done.stdout) == (1, "")
    assert "apt can't install one (no such package)" in done.stderr
