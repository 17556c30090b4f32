"""Actions on the catalogue: list the faults, check them, write the skeleton of a new one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.incident import usable
from labctl.base.errors import LabStateError
from labctl.catalogue import skeleton
from labctl.catalogue.catalogue_check import Finding, check_folder, check_shipped
from labctl.catalogue.listing import Listed, listed
from labctl.lab.lab import Lab


@dataclass(frozen=True)
class Faults(Answer):
    """The faults, with what a learner may know of each beforehand."""

    schema: ClassVar[str] = "labctl.faults/1"
    faults: tuple[Listed, ...]


@dataclass(frozen=True)
class Checked(Answer):
    """Whether a catalogue is sound: the shipped one (`catalogue` is null then), or a user's own folder."""

    schema: ClassVar[str] = "labctl.faults-check/1"
    catalogue: Path | None
    sound: bool
    problems: tuple[Finding, ...]


def faults(name: str, folder: Path | None = None) -> Faults:
    """Return the faults that load; for each, why it would not show in the lab `name`, if that lab exists."""
    lab = _lab(name)
    found = usable(folder)
    return Faults(tuple(listed(each, each.unfit(lab.rps, lab.speed) if lab else "") for each in found))


def check(folder: Path | None = None) -> Checked:
    """Return every problem of a catalogue that can be found without a lab. Raises CatalogueError without the folder."""
    problems = tuple(check_folder(folder) if folder else check_shipped())
    return Checked(folder, not problems, problems)


def new(fault_id: str, folder: Path | None = None) -> list[Path]:
    """Write the skeleton of a fault and return the written files. Raises InputError, CatalogueError, HostError."""
    return skeleton.write_skeleton(fault_id, folder)


def _lab(name: str) -> Lab | None:
    """Return the lab of this name; None when it was not set up."""
    lab = Lab(name)
    try:
        return lab if lab.store.exists and lab.record else None
    except LabStateError:
        return None
