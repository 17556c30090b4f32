"""Taking a lab down, whether it is whole, half-made, or has lost its state."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from labctl.base import paths, progress
from labctl.base.errors import LabctlError
from labctl.base.private_files import refused
from labctl.images import workshop
from labctl.lab.lab import Lab
from labctl.operate import archive, background
from labctl.state import reserve
from labctl.state.locking import locked


@dataclass(frozen=True)
class Removal:
    """What was removed: nothing when there was no such lab."""

    name: str
    containers: int
    state: bool
    archived: Path | None

    @property
    def nothing(self) -> bool:
        """Whether there was no such lab."""
        return not self.containers and not self.state


@reserve.mending()
def tear_down(name: str) -> Removal:
    """Remove containers, network, volumes and state of a lab; its results go to the archive. Harmless twice.

    Raises EngineError, with the state kept, when Docker does not answer.
    """
    lab = Lab(name)
    background.stop(name)
    with locked(name, "down"):
        state = lab.folder.exists()
        if state:
            _mark(lab)
        containers = len(lab.stack.ps())
        # Also without containers: the network and the volumes may still be there.
        lab.stack.down()
        _remove_images(lab)
        archived = archive.keep(lab)
        _remove(lab.folder)
    return Removal(name, containers, state, archived)


def all_names() -> list[str]:
    """Return the names of all labs that have state on this host, half-made ones too."""
    return sorted(each.name for each in paths.labs_root().iterdir() if each.is_dir())


def _mark(lab: Lab) -> None:
    """Record that the lab is being taken down, in case this process is killed; damaged state is left as it is."""
    if not lab.store.exists:
        return
    try:
        lab.store.operations.begin("down")
        lab.store.save(replace(lab.record, status="stopping"))
    except LabctlError:
        return


def _remove_images(lab: Lab) -> None:
    """Remove the images of the lab's releases; where that does not work, the rest of the lab goes all the same."""
    try:
        workshop.sweep()
        if lab.store.exists:
            lab.releases.remove_images()
    except LabctlError as error:
        progress.warn(f"images of releases are still there: {error.what}")


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise refused(folder, error) from error
