"""The archive: the databases of labs that were taken down, kept for their incidents and verifications."""

from __future__ import annotations

import re
import time
from itertools import count
from pathlib import Path

from labctl.base import paths, progress
from labctl.base.errors import LabctlError, LabStateError
from labctl.base.private_files import refused
from labctl.lab.lab import Lab
from labctl.state.database import Database

RESULTS = ("incident", "verification")
_BESIDE = ("", "-wal", "-shm")
"""The database, and the files in which SQLite keeps what it has not put into it yet."""


def keep(lab: Lab) -> Path | None:
    """Copy the lab's database to the archive, check the copy, and only then remove it; return the copy's path.

    None when it holds no results. A database that labctl can't read, or a disk without room for a copy, is no reason to
    lose anything: its files go to the archive as they are, and may still be repaired by hand. What an earlier call that
    was killed left behind is removed.
    """
    database = lab.store.database
    _tidy(lab.name)
    if not lab.store.exists:
        return None
    target = _free_place(lab.name)
    try:
        if not any(lab.store.documents.count(kind) for kind in RESULTS):
            return None
        _copy(database, target)
    except LabctlError as error:
        progress.warn(f"{error.what}; the database is archived as it is")
        _keep_files(database.path, target)
    for name in _BESIDE:
        Path(f"{database.path}{name}").unlink(missing_ok=True)
    return target


def _free_place(name: str) -> Path:
    """Return the path of a copy that is made now: by its second, or by a later one where a copy has that name."""
    now = time.time()
    named = (f"{name}-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now + more))}.db" for more in count())
    return next(place for each in named if not (place := paths.archive_dir() / each).exists())


def _tidy(name: str) -> None:
    """Remove a copy that was never finished, and files of a database that itself is not there."""
    ours = re.compile(re.escape(name) + r"-\d{8}-\d{6}")
    for path in paths.archive_dir().iterdir():
        whole = path.with_name(f"{path.name.partition('.')[0]}.db")
        if ours.fullmatch(whole.stem) and not whole.exists():
            path.unlink(missing_ok=True)


def _copy(database: Database, target: Path) -> None:
    """Make the copy whole, under its name, or not at all."""
    making = target.with_suffix(".making")
    try:
        database.copy_to(making)
        if wrong := database.differences(Database(making)):
            raise LabStateError(f"the copy of {database.path} is not like it: {', '.join(wrong)}")
        making.rename(target)
    except OSError as error:
        raise refused(target, error) from error
    finally:
        for name in _BESIDE:
            Path(f"{making}{name}").unlink(missing_ok=True)


def _keep_files(database: Path, target: Path) -> None:
    """Give the files a second name in the archive: it takes no room, and the originals stay until all have one."""
    try:
        # The log first: the database alone would look whole.
        for name in reversed(_BESIDE):
            if Path(f"{database}{name}").exists():
                Path(f"{target}{name}").hardlink_to(f"{database}{name}")
    except OSError as error:
        raise refused(target, error) from error
