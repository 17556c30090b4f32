"""Folders that images are built in: gone with the build or, where labctl was killed in it, with the next command.

They hold the source of releases, and for a moment what a build needs of this host. Nobody is to find either later.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labctl.base.paths import state_root
from labctl.base.private_files import DIRECTORY_MODE, FILE_MODE, make_private_dir, refused

_FOLDER = "builds"
_DOOR = "door.lock"
"""Held while a folder is made and locked, and while the others are looked through: no folder is there without lock."""
_OF_OLD = "releases"
"""Where an older labctl kept the sources of every release that it had built."""


@contextmanager
def folder() -> Iterator[Path]:
    """Give a private folder for one build. Raises HostError when the host refuses."""
    root = make_private_dir(state_root() / _FOLDER)
    with _door(root):
        _remove_deserted(root)
        made, lock = _make(root)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def sweep() -> None:
    """Remove the folders of builds that were killed, and what an older labctl kept. Raises HostError."""
    old, root = state_root() / _OF_OLD, state_root() / _FOLDER
    if old.is_dir():
        shutil.rmtree(old, ignore_errors=True)
    if root.is_dir():
        with _door(root):
            _remove_deserted(root)


@contextmanager
def _door(root: Path) -> Iterator[None]:
    try:
        door = os.open(root / _DOOR, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise refused(root, error) from error
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)


def _make(root: Path) -> tuple[Path, int]:
    """Return a new folder, and the open lock that says somebody builds in it as long as this process lives."""
    try:
        made = Path(tempfile.mkdtemp(dir=root))
        made.chmod(DIRECTORY_MODE)
        lock = os.open(made, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise refused(root, error) from error
    fcntl.flock(lock, fcntl.LOCK_EX)
    return made, lock


def _remove_deserted(root: Path) -> None:
    for each in root.iterdir():
        if each.is_dir() and not _in_use(each):
            shutil.rmtree(each, ignore_errors=True)


def _in_use(made: Path) -> bool:
    try:
        lock = os.open(made, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True  # its build has just ended
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
