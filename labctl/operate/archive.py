"""The archive: the databases of labs that were taken down, kept for their incidents and verifications."""

from __future__ import annotations

import time
from pathlib import Path

from labctl.base import paths, progress
from labctl.base.errors import LabctlError
from labctl.base.private_files import refused
from labctl.lab.lab import Lab

RESULTS = ("incident", "verification")


def keep(lab: Lab) -> Path | None:
    """Move the lab's database to the archive and return its new path; None when it holds no results.

    A database that labctl cannot read is archived too: it may still be repaired by hand.
    """
    database = lab.store.database.path
    if not lab.store.exists:
        return None
    try:
        if not any(lab.store.documents.count(kind) for kind in RESULTS):
            return None
    except LabctlError as error:
        progress.warn(f"{error.what}; the database is archived as it is")
    target = paths.archive_dir() / f"{lab.name}-{time.strftime('%Y%m%d-%H%M%S')}.db"
    try:
        database.rename(target)
    except OSError as error:
        raise refused(target, error) from error
    return target
