"""The catalogue: which faults there are, shipped ones and those in a user's own folder, and how one is chosen."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from labctl.base.errors import CatalogueError, InputError
from labctl.base.words import matching
from labctl.catalogue import fault_files, shipped
from labctl.catalogue.fault_errors import FaultFileError
from labctl.catalogue.fault_names import file_name
from labctl.model.fault import DIFFICULTIES, Fault
from labctl.model.vocabulary import Category

SEE = "`labctl faults` counts the faults by track, `labctl faults --spoilers` names them"


@dataclass(frozen=True)
class Usable:
    """The faults that load, and what is wrong with each file that does not."""

    faults: tuple[Fault, ...]
    broken: tuple[FaultFileError, ...]


def known(folder: Path | None = None) -> tuple[Fault, ...]:
    """Return the shipped faults, and those in a user's own folder. Raises FaultFileError for one that does not load."""
    return tuple(load() for load in _loaders(folder))


def usable(folder: Path | None = None) -> Usable:
    """Return those of `known` that load, and the errors of the others. Raises CatalogueError for a missing folder."""
    faults: list[Fault] = []
    broken: list[FaultFileError] = []
    for load in _loaders(folder):
        try:
            faults.append(load())
        except FaultFileError as error:
            broken.append(error)
    return Usable(tuple(faults), tuple(broken))


def find(fault_id: str, folder: Path | None = None) -> Fault:
    """Return the fault with this id, or with the only one that begins so, without loading another.

    Raises NotFoundError, which suggests an id that was nearly typed and lists none, InputError, FaultFileError.
    """
    if fault_id in shipped.ids():
        return shipped.load(fault_id)
    own = fault_files.own_folder(folder) if folder else None
    theirs = [path.stem.replace("_", "-") for path in fault_files.fault_paths(own)] if own else []
    meant = matching("fault", fault_id, (*shipped.ids(), *theirs), todo=SEE, secret=True)
    return fault_files.load_file(own / file_name(meant)) if own and meant in theirs else shipped.load(meant)


def by_id(fault_id: str, faults: Iterable[Fault]) -> Fault:
    """Return the one of these faults with this id, or whose id alone begins so. Raises NotFoundError, InputError."""
    ids = {fault.id: fault for fault in faults}
    return ids[matching("fault", fault_id, ids, todo=SEE, secret=True)]


def tracks(faults: Sequence[Fault]) -> set[str]:
    """Return the names that faults can be chosen by: the five categories, and the tracks that faults name."""
    return {str(category) for category in Category}.union(*(fault.tracks for fault in faults))


def pick(faults: Sequence[Fault], seed: int, *, track: str | None = None, difficulty: int | None = None) -> Fault:
    """Return a random one of these faults; the same seed and faults give the same one."""
    if track is not None:
        track = matching("track", track, sorted(tracks(faults)))
    if difficulty is not None and difficulty not in DIFFICULTIES:
        raise InputError(f"there is no difficulty {difficulty}", expected=f"1 to {DIFFICULTIES[-1]}")
    fitting = [each for each in faults if _fits(each, track, difficulty)]
    if not fitting:
        raise CatalogueError(
            "no fault fits the track, the difficulty and the load asked for",
            expected="at least one",
            todo="ask for less, or raise --rps",
        )
    return random.Random(seed).choice(sorted(fitting, key=lambda fault: fault.id))


def _fits(fault: Fault, track: str | None, difficulty: int | None) -> bool:
    on_track = track is None or track == fault.category or track in fault.tracks
    return on_track and difficulty in (None, fault.difficulty)


def _loaders(folder: Path | None) -> list[Callable[[], Fault]]:
    own = [] if folder is None else fault_files.fault_paths(fault_files.own_folder(folder))
    return [
        *(partial(shipped.load, each) for each in shipped.ids()),
        *(partial(fault_files.load_file, each) for each in own),
    ]
