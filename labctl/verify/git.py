"""Asks git which files of the catalogue's checkout were changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from labctl.base.errors import EngineError, LabStateError, NotFoundError

TIMEOUT_S = 60.0


def changed_files(root: Path, base: str) -> list[str]:
    """Return the paths, relative to `root`, of files that differ from the revision `base`, uncommitted and new too.

    Raises LabStateError when `root` is not the top of a checkout, NotFoundError with the nearest revision, EngineError
    when git can't say.
    """
    _require_checkout(root)
    commit = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    if commit.returncode:
        raise NotFoundError("revision", base, _output(root, "for-each-ref", "--format=%(refname:short)").split())
    differing = _output(root, "diff", "--name-only", "--no-renames", "-z", commit.stdout.strip(), "--")
    new = _output(root, "ls-files", "--others", "--exclude-standard", "-z")
    return sorted(filter(None, {*differing.split("\0"), *new.split("\0")}))


def _require_checkout(root: Path) -> None:
    done = _run(root, "rev-parse", "--show-toplevel")
    if done.returncode or Path(done.stdout.rstrip("\n")).resolve() != root.resolve():
        said = done.stderr.strip() or "its top is elsewhere"
        raise LabStateError(
            f"{root} is no git checkout to go by, so that nothing can be said of what changed: {said}",
            expected="labctl run from a clone of its repository",
            todo="name the faults, or verify them with --all",
        )


def _output(root: Path, *args: str) -> str:
    """Return git's output. Raises EngineError when git fails: its empty output must not count as "nothing changed"."""
    done = _run(root, *args)
    if done.returncode:
        raise EngineError(
            f"git {args[0]} failed in {root}: {done.stderr.strip()}", todo="mend the checkout, or name the faults"
        )
    return done.stdout


def _run(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", "-C", str(root), *args],
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",  # a path may be any bytes
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"git cannot be run: {error}", todo="install git, or name the faults") from error
