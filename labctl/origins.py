"""Where a user's own faults came from, remembered by the lab that they were injected into.

A later process reads them from there again: to heal, to judge an answer, to tell the debrief.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from labctl import catalogue, fault_files
from labctl.documents import Documents
from labctl.errors import CatalogueError
from labctl.fault import Fault
from labctl.lab import Lab
from labctl.private_files import refused

RELEASES = "releases"
"""The folder of a catalogue that holds its own releases: <service>/<version>.patch."""
_KIND = "origin"
_FOLDER = "folder"


def remember(lab: Lab, fault: Fault) -> None:
    """Record the folder of a user's own fault, and copy its releases into the lab; nothing to do for a shipped one."""
    if fault.folder is None:
        return
    lab.store.documents.put(_KIND, fault.id, {_FOLDER: str(fault.folder)})
    try:
        shutil.rmtree(lab.own_releases, ignore_errors=True)
        if (fault.folder / RELEASES).is_dir():
            shutil.copytree(fault.folder / RELEASES, lab.own_releases)
    except OSError as error:
        raise refused(lab.own_releases, error) from error


def recall(documents: Documents, fault_id: str) -> Fault:
    """Return a fault that was injected. Raises CatalogueError when its file is gone or does not load any more."""
    kept = documents.get(_KIND, fault_id)
    if kept is None:
        return catalogue.by_id(fault_id)
    folder = Path(kept[_FOLDER])
    path = folder / fault_files.file_name(fault_id)
    if not path.is_file():
        # The file's name would name a hidden fault: the folder's is enough to go by.
        gone = f"{folder} is gone" if not folder.is_dir() else f"its file is not in {folder} any more"
        raise CatalogueError(
            f"the fault came from a catalogue of your own, and {gone}",
            expected="the folder as it was when the fault was injected",
            todo="put it back, or say where it is now with --catalogue DIR",
        )
    return fault_files.load_file(path)


def repoint(documents: Documents, folder: Path | None) -> None:
    """Look for faults whose file is gone in another folder from now on, where that has it; None changes nothing."""
    if folder is None:
        return
    own = fault_files.own_folder(folder)
    for fault_id, kept in documents.all(_KIND).items():
        name = fault_files.file_name(fault_id)
        if not (Path(kept[_FOLDER]) / name).is_file() and (own / name).is_file():
            documents.put(_KIND, fault_id, {_FOLDER: str(own)})
