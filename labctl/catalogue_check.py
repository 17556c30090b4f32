"""Whether a catalogue is sound: everything that can be said of its faults without a lab, by file and field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults import FAULTS
from labctl import catalogue, fault_files, origins, promql_syntax, reference, releases
from labctl.errors import LabctlError, NotFoundError
from labctl.fault import Fault
from labctl.fault_files import FaultFileError
from labctl.fault_types import mistyped
from labctl.paths import checkout_root

PACKAGE = Path(__file__).parents[1] / "faults"
NO_FAULTS = frozenset({"__init__.py", "probes.py"})
_TO_DO = re.compile(r"TODO\((?P<field>\w+)\): (?P<what>.*?)[\"',]*$", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be."""

    file: str
    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.problem}"


def check_shipped() -> list[Finding]:
    """Return what is wrong with the catalogue that labctl comes with; its documentation only in a checkout."""
    found = [each for fault in FAULTS for each in _of_fault(fault, PACKAGE / fault_files.file_name(fault.id))]
    listed = {fault_files.file_name(fault.id) for fault in FAULTS}
    for path in sorted(PACKAGE.glob("*.py")):
        if path.name not in listed | NO_FAULTS:
            found.append(Finding(str(path), "FAULT", "is not in the list of faults/__init__.py"))
    root = checkout_root()
    return [*found, *_twice(FAULTS), *(_stale(root) if root else ())]


def check_folder(folder: Path) -> list[Finding]:
    """Return what is wrong with the faults in a user's own folder. Raises CatalogueError when there is no folder."""
    found: list[Finding] = []
    faults: list[Fault] = []
    for path in fault_files.fault_paths(folder):
        try:
            faults.append(fault_files.load_file(path))
        except FaultFileError as error:
            found.append(Finding(str(path), error.field, error.problem))
        else:
            found += _of_fault(faults[-1], path)
    return [*found, *_twice((*FAULTS, *faults)), *_releases(folder.expanduser().absolute() / origins.RELEASES)]


def check_file(path: Path) -> list[Finding]:
    """Return what is wrong with one of a user's own faults. Raises FaultFileError when it does not load."""
    return list(_of_fault(fault_files.load_file(path), path))


def _of_fault(fault: Fault, path: Path) -> Iterator[Finding]:
    wrong = list(mistyped(fault))
    for field, problem in wrong or _unsound(fault):
        yield Finding(str(path), field, problem)
    for match in _TO_DO.finditer(path.read_text("utf-8")):
        line = match.string.count("\n", 0, match.start()) + 1
        yield Finding(str(path), match["field"], f"still to do (line {line}): {match['what'].strip()}")


def _unsound(fault: Fault) -> Iterator[tuple[str, str]]:
    for problem in catalogue.problems(fault):
        yield problem.field, problem.what
    for field, probe in catalogue.named_probes(fault):
        for flaw in promql_syntax.flaws(probe.query) if probe.query.strip() else ():
            yield f"{field}.query", f"probe '{probe.name}' {flaw}"


def _twice(faults: Sequence[Fault]) -> Iterator[Finding]:
    """Tell of every fault that an earlier one can't be told from."""
    for number, fault in enumerate(faults):
        file = str((fault.folder or PACKAGE) / fault_files.file_name(fault.id))
        for other in faults[:number]:
            if fault.title == other.title:
                yield Finding(file, "title", f"is the title of {other.id}, too")
            if any(other.explains(cause) for cause in (fault.root_cause, *fault.accepted)):
                yield Finding(file, "root_cause", f"is the root cause of {other.id}, too")


def _releases(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.glob("*/*")):
        service, version = path.parent.name, path.stem
        try:
            if path.suffix == ".patch" and service in releases.services():
                releases.files(service, version, folder)
                releases.release(service, version, folder)
            else:
                yield Finding(str(path), "release", "is no <service>/<version>.patch of a service with versions")
        except (LabctlError, NotFoundError) as error:
            yield Finding(str(path), "release", error.what)


def _stale(root: Path) -> Iterable[Finding]:
    for path, region, body in reference.fault_regions(root, FAULTS):
        text = path.read_text("utf-8")
        if reference.with_region(text, region, body) != text:
            yield Finding(str(path), region, "is not what the faults say; run `make docs`")
