"""Files of a lab that its containers read, whichever user they run as."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from labctl.base.private_files import refused, replace_whole

DIRECTORY_MODE = 0o755
FILE_MODE = 0o644
_SECOND_NS = 1_000_000_000


def make_shared_dir(path: Path) -> Path:
    """Make a folder (0755) where it is missing; its parents stay private. Raises HostError."""
    try:
        path.mkdir(exist_ok=True)
        # mkdir obeys the caller's umask, which may keep others out.
        path.chmod(DIRECTORY_MODE)
    except OSError as error:
        raise refused(path, error) from error
    return path


def write_shared(path: Path, text: str) -> None:
    """Replace the whole file (0644) at once. Raises HostError when the host refuses (disk full, permissions).

    Containers mount the folder, not the file: a mounted file would show its old text after it was replaced.
    """
    make_shared_dir(path.parent)
    replace_whole(path, text, FILE_MODE)


def write_undated(path: Path, text: str) -> None:
    """Replace the whole file (0644) at once; file and folder keep the second at which they were first written.

    Only its fraction is new, by which a reader sees that the file was replaced. Raises HostError.
    """
    first = path.stat().st_mtime_ns if path.exists() else None
    write_shared(path, text)
    if first is not None:
        at = first // _SECOND_NS * _SECOND_NS + secrets.randbelow(_SECOND_NS)
        try:
            for each in (path, path.parent):
                os.utime(each, ns=(at, at))
        except OSError as error:
            raise refused(path, error) from error
