import subprocess
from pathlib import Path

import pytest

from labctl.base.errors import EngineError, LabStateError, NotFoundError
from labctl.verify import git as module
from labctl.verify.git import changed_files


def git(root: Path, *args: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *identity, *args], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two committed files and a branch named `before`."""
    root = tmp_path / "clone"
    root.mkdir()
    git(root, "init", "-b", "main")
    (root / "kept").write_text("1")
    (root / "moved").write_text("2" * 100)
    git(root, "add", ".")
    git(root, "commit", "-m", "first")
    git(root, "branch", "before")
    return root


def test_nothing_changed(root: Path) -> None:
    assert changed_files(root, "before") == []


def test_what_was_committed_what_was_not_and_what_is_new(root: Path) -> None:
    (root / "committed").write_text("1")
    git(root, "add", ".")
    git(root, "commit", "-m", "second")
    (root / "kept").write_text("2")
    (root / "new file").write_text("")
    (root / ".gitignore").write_text("ignored\n")
    (root / "ignored").write_text("")
    assert changed_files(root, "before") == [".gitignore", "committed", "kept", "new file"]


def test_a_file_that_moved_counts_at_both_places(root: Path) -> None:
    git(root, "mv", "moved", "there")
    git(root, "commit", "-m", "second")
    assert changed_files(root, "before") == ["moved", "there"]


def test_an_unknown_revision_gets_the_nearest(root: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        changed_files(root, "befor")
    assert caught.value.near == "before"


@pytest.mark.parametrize("base", ["--output=/tmp/x", "-h", "", "\0" * 0 + "a b"])
def test_a_revision_is_never_an_option(root: Path, base: str) -> None:
    with pytest.raises(NotFoundError):
        changed_files(root, base)


def test_outside_of_a_checkout(tmp_path: Path) -> None:
    with pytest.raises(LabStateError, match="no git checkout"):
        changed_files(tmp_path, "main")


def test_below_the_top_of_somebody_elses_checkout(root: Path) -> None:
    (root / "site-packages").mkdir()
    with pytest.raises(LabStateError, match="no git checkout"):
        changed_files(root / "site-packages", "main")


@pytest.mark.parametrize("part", ["diff", "ls-files"])
def test_what_git_cannot_say_is_not_taken_for_nothing(root: Path, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = module._run

    def refuse(where: Path, *args: str) -> subprocess.CompletedProcess[str]:
        if args[0] == part:
            return subprocess.CompletedProcess(args, 128, "", "fatal: unable to read tree")
        return ask(where, *args)

    monkeypatch.setattr(module, "_run", refuse)
    with pytest.raises(EngineError, match=f"git {part} failed .*unable to read tree"):
        changed_files(root, "before")


def test_without_git(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="git cannot be run"):
        changed_files(root, "before")
