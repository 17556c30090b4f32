"""The folders of a user's own faults, remembered by the lab that they were injected into.

A later process reads the faults from these folders again: to heal, to judge an answer, to tell the debrief.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from labctl.base.errors import CatalogueError
from labctl.base.private_files import refused
from labctl.catalogue import catalogue, fault_files
from labctl.catalogue.fault_names import file_name
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.state.documents import Documents

RELEASES = "releases"
"""The folder of a catalogue that holds its own releases: <service>/<version>.patch."""
_KIND = "origin"
_FOLDERS = "folders"
"""One document for all faults: a key is not sealed, and must not name any of them."""


def remember(lab: Lab, fault: Fault) -> None:
    """Record the folder of a user's own fault, and copy its releases into the lab; nothing to do for a shipped one."""
    if fault.folder is None:
        return
    documents = lab.store.documents
    documents.put(_KIND, _FOLDERS, {**_folders(documents), fault.id: str(fault.folder)})
    try:
        shutil.rmtree(lab.releases.own, ignore_errors=True)
        if (fault.folder / RELEASES).is_dir():
            shutil.copytree(fault.folder / RELEASES, lab.releases.own)
    except OSError as error:
        raise refused(lab.releases.own, error) from error


def recall(documents: Documents, fault_id: str) -> Fault:
    """Return a fault that was injected. Raises CatalogueError when its file is gone or does not load any more."""
    kept = _folders(documents).get(fault_id)
    if kept is None:
        return _shipped(fault_id)
    folder = Path(kept)
    path = folder / file_name(fault_id)
    if not path.is_file():
        gone = f"{folder} is gone" if not folder.is_dir() else f"its file is not in {folder} any more"
        raise _changed(gone, "put the folder back, or say where it is now with --catalogue DIR")
    try:
        return fault_files.load_file(path)
    except CatalogueError as error:
        spoiled = f"its file in {folder} does not load any more"
        raise _changed(spoiled, f"labctl faults check --catalogue {folder} says what is wrong with it") from error


def _shipped(fault_id: str) -> Fault:
    try:
        return catalogue.find(fault_id)
    except CatalogueError as error:
        # Not which file, nor what is wrong in it: either would tell of a hidden fault.
        raise CatalogueError(
            "the fault's file does not load any more",
            expected="the catalogue as it was when the fault was injected",
            todo="labctl faults check says what is wrong with it; labctl heal works without it",
        ) from error


def _changed(how: str, todo: str) -> CatalogueError:
    # The file's name, or the error in it, would give a hidden fault away: only the folder is named.
    return CatalogueError(
        f"the fault came from a catalogue of your own, and {how}",
        expected="the folder as it was when the fault was injected",
        todo=todo,
    )


def repoint(documents: Documents, folder: Path | None) -> None:
    """From now on, read the faults whose file is gone from `folder`, if it has their file; None changes nothing."""
    if folder is None:
        return
    own = fault_files.own_folder(folder)
    kept = _folders(documents)
    for fault_id, there in kept.items():
        name = file_name(fault_id)
        if not (Path(there) / name).is_file() and (own / name).is_file():
            documents.put(_KIND, _FOLDERS, {**_folders(documents), fault_id: str(own)})


def _folders(documents: Documents) -> dict[str, str]:
    """Return the folders that the lab's own faults came from, by fault id."""
    return documents.get(_KIND, _FOLDERS) or {}
