"""Room that is kept for mending: a file of zeros in the state folder, given back when the disk is short then.

Undoing a change writes the lab's state, its settings and its record, each of them small. Without room for that, a full
disk would keep a broken lab broken. Nothing else gets that room: whatever fills the disk would take it as well.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from labctl.base import paths
from labctl.base.errors import HostError
from labctl.base.private_files import FILE_MODE

NAME = "reserve"
SIZE = 4 * 2**20
SHORT = 2**20
"""With fewer bytes free than this, the reserve is given back."""

_mending: ContextVar[bool] = ContextVar("mending", default=False)


def keep() -> None:
    """Make the reserve where the disk has room for it and more; without that room there is only no reserve."""
    path = _path()
    with suppress(OSError):
        if not path.exists() and _free(path.parent) >= 2 * SIZE + SHORT:
            _fill(path)


@contextmanager
def mending() -> Iterator[None]:
    """Do what mends a lab, or removes it: on a full disk, what that writes may use the reserve."""
    token = _mending.set(True)
    try:
        yield
    finally:
        _mending.reset(token)


def release_if_short() -> bool:
    """Give the reserve back when the disk is nearly full and a lab is mended; return whether it was there to give."""
    if not _mending.get():
        return False
    path = _path()
    with suppress(OSError):
        if path.exists() and is_short(path.parent):
            path.unlink()
            return True
    return False


def require() -> None:
    """Raise HostError where a lab that is broken now could not be mended: there is no reserve, and no room for one."""
    folder = _path().parent
    if is_short(folder) or not (_path().exists() or _free(folder) >= 2 * SIZE + SHORT):
        raise HostError(
            f"the disk with labctl's state is full: {folder}",
            expected=f"{(2 * SIZE + SHORT) // 2**20} MB free, so that what is broken can be mended",
            todo="free some space; nothing was broken",
        )


def is_short(folder: Path) -> bool:
    """Whether the disk of a folder is nearly full; False where there is no such folder."""
    try:
        return _free(folder) < SHORT
    except OSError:
        return False


def _path() -> Path:
    return paths.state_path() / NAME


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _fill(path: Path) -> None:
    # Written, not only claimed: not every system can claim room, and a hole in a file takes none.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, FILE_MODE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(SIZE))
    except OSError:
        path.unlink(missing_ok=True)
        raise
