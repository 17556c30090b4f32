"""Files and folders that only their owner can read; a file is replaced whole, so that nobody reads half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from labctl.base.errors import HostError

DIRECTORY_MODE = 0o700
FILE_MODE = 0o600


def make_private_dir(path: Path) -> Path:
    """Make the folder `path` (0700) and its parents, where missing. Raises HostError when the host refuses."""
    try:
        path.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise refused(path, error) from error
    return path


def write_private(path: Path, text: str) -> None:
    """Replace the whole file (0600) at once. Raises HostError when the host refuses (disk full, permissions)."""
    replace_whole(path, text, FILE_MODE)


def replace_whole(path: Path, text: str, mode: int) -> None:
    """Replace a file by one with this text and mode, at once or not at all. Raises HostError."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise refused(path, error) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise refused(path, error) from error


def touch_private(path: Path) -> Path:
    """Make an empty file (0600) where there is none: a program that opens the file later keeps its mode."""
    try:
        path.touch(mode=FILE_MODE, exist_ok=True)
    except OSError as error:
        raise refused(path, error) from error
    return path


def refused(path: Path, error: OSError) -> HostError:
    """Return the error for a path that the host does not let us write."""
    return HostError(
        f"cannot write {path}: {error.strerror or error}",
        expected="a writable disk with space left",
        todo="free some space or mend the permissions, or set LABCTL_STATE_DIR to another folder",
    )
