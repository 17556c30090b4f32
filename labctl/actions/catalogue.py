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
from labctl.catalogue.listing import Counted, Listed, categories, listed, tracks
from labctl.lab.lab import Lab


@dataclass(frozen=True)
class Faults(Answer):
    """What may be known of the catalogue beforehand: how many faults there are, and with spoilers which."""

    schema: ClassVar[str] = "labctl.faults/2"
    total: int
    categories: tuple[Counted, ...]
    tracks: tuple[Counted, ...]
    """The tracks that are no category."""
    unfit: int
    """How many would not show in the lab here; 0 where there is no lab."""
    faults: tuple[Listed, ...] | None
    """Every fault; null without `--spoilers`."""


@dataclass(frozen=True)
class Checked(Answer):
    """Whether a catalogue is sound: the shipped one (`catalogue` is null then), or a user's own folder."""

    schema: ClassVar[str] = "labctl.faults-check/1"
    catalogue: Path | None
    sound: bool
    problems: tuple[Finding, ...]


def faults(name: str, folder: Path | None = None, *, spoilers: bool = False) -> Faults:
    """Return how many faults load, and how many of them would not show in the lab `name`, if that lab exists.

    With `spoilers`, return each of them as well, and why it would not show there.
    """
    lab = _lab(name)
    found = usable(folder)
    reasons = [each.unfit(lab.rps, lab.speed) if lab else "" for each in found]
    named = tuple(listed(each, why) for each, why in zip(found, reasons, strict=True))
    unfit = len(list(filter(None, reasons)))
    return Faults(len(found), categories(found), tracks(found), unfit, named if spoilers else None)


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
