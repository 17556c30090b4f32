"""Whether a catalogue is sound: all that is wrong with its faults and can be found without a lab, by file and field."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from labctl.base.errors import LabctlError
from labctl.base.paths import bundle_root, checkout_root
from labctl.catalogue import catalogue, documentation, fault_files, own_folders, probe_queries, shipped, soundness
from labctl.catalogue.fault_errors import MEND, FaultFileError
from labctl.catalogue.fault_names import file_name
from labctl.catalogue.fault_types import mistyped
from labctl.images import releases
from labctl.images.images import SERVICES_PYTHON
from labctl.model.fault import Fault, RootCause

NO_FAULTS = frozenset(
    {"__init__.py", "probes.py", "database_probes.py", "messages.py", "mitigations.py", "statements.py"}
)
SHIPPED_RELEASES = bundle_root() / "services" / "releases"
Placed: TypeAlias = tuple[Path, Fault]
"""A fault with its file."""
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
    """Return what is wrong with the catalogue that labctl comes with; in a checkout, also with its documentation."""
    try:
        listed = shipped.ids()
    except FaultFileError as error:
        return [_finding(error)]
    found = [Finding(str(path), "FAULT", "is not in the list of faults/__init__.py") for path in _unlisted(listed)]
    typed: list[Placed] = []
    for each in listed:
        try:
            fault = shipped.load(each)
        except FaultFileError as error:
            found.append(_finding(error))
            continue
        path = shipped.path_of(each)
        found += _of_fault(fault, path)
        if _is_typed(fault):
            typed.append((path, fault))
            found += [] if fault.evidence else [Finding(str(path), "evidence", "names no signal")]
    root = checkout_root()
    # The documentation can be derived only from faults whose fields all have the right types.
    stale = _stale(root, [fault for _, fault in typed]) if root and len(typed) == len(listed) else ()
    return [*found, *_duplicates(typed), *_unbuildable(SHIPPED_RELEASES, None), *stale]


def _unlisted(listed: Iterable[str]) -> list[Path]:
    known = NO_FAULTS.union(map(file_name, listed))
    return sorted(each for each in shipped.PACKAGE.glob("*.py") if each.name not in known)


def _is_typed(fault: Fault) -> bool:
    return not list(mistyped(fault))


def check_folder(folder: Path) -> list[Finding]:
    """Return what is wrong with the faults in a user's own folder. Raises CatalogueError when there is no folder."""
    own = fault_files.own_folder(folder)
    paths = fault_files.fault_paths(own)
    found = [] if paths else [Finding(str(own), "FAULT", "no fault is in this folder")]
    placed: list[Placed] = [(shipped.path_of(fault.id), fault) for fault in catalogue.usable().faults]
    for path in paths:
        try:
            fault = fault_files.read_file(path)
        except FaultFileError as error:
            found.append(_finding(error))
            continue
        found += [Finding(str(path), *each) for each in fault_files.misnamed(fault, path)]
        found += _of_fault(fault, path)
        if _is_typed(fault):
            placed.append((path, fault))
    shared = [each for path in fault_files.shared_paths(own) for each in _left_to_do(path)]
    own_releases = own / own_folders.RELEASES
    return [*found, *shared, *_duplicates(placed), *_unbuildable(own_releases, own_releases)]


def _of_fault(fault: Fault, path: Path) -> Iterator[Finding]:
    wrong = list(mistyped(fault))
    for field, problem in wrong or _unsound(fault):
        yield Finding(str(path), field, problem)
    for file in (path, *_tests_of(path)):
        yield from _left_to_do(file)


def _left_to_do(file: Path) -> Iterator[Finding]:
    try:
        text = fault_files.source(file)
    except FaultFileError as error:
        yield _finding(error)
        return
    for match in _TO_DO.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield Finding(str(file), match["field"], f"still to do (line {line}): {match['what'].strip()}")


def _tests_of(path: Path) -> list[Path]:
    """Return a fault's test files, where `labctl faults new` puts them, that exist."""
    places = (path.parent / "tests", path.parents[1] / "tests" / "unit" / "faults")
    return [folder / f"test_{path.name}" for folder in places if (folder / f"test_{path.name}").is_file()]


def _unsound(fault: Fault) -> Iterator[tuple[str, str]]:
    for problem in soundness.problems(fault):
        yield problem.field, problem.what
    for field, probe in soundness.named_probes(fault):
        for flaw in probe_queries.flaws(probe.query) if probe.query.strip() else ():
            yield f"{field}.query", f"probe '{probe.name}' {flaw}"


def _duplicates(placed: Sequence[Placed]) -> Iterator[Finding]:
    """Yield a finding for every title and root cause that an earlier fault has as well."""
    for number, (path, fault) in enumerate(placed):
        for _, other in placed[:number]:
            if fault.title == other.title:
                yield Finding(str(path), "title", f"is the title of {other.id}, too")
            for field, cause in _causes(fault):
                if other.explains(cause):
                    yield Finding(str(path), field, f"is the root cause of {other.id}, too")


def _causes(fault: Fault) -> Iterator[tuple[str, RootCause]]:
    yield "root_cause", fault.root_cause
    for number, cause in enumerate(fault.accepted):
        yield f"accepted[{number}]", cause


def _unbuildable(folder: Path, own: Path | None) -> Iterator[Finding]:
    """Yield a finding for every release in `folder` that can't be built; `own` is `folder`, or None if shipped."""
    try:
        services = [each for each in _entries(folder) if each.suffix != ".md"]
        paths = [path for service in services for path in _entries(service)]
    except OSError as error:
        yield Finding(str(error.filename or folder), "release", f"cannot be read: {error.strerror}")
        return
    for path in paths:
        service, version = path.parent.name, path.stem
        if path.suffix != ".patch" or service not in releases.services():
            yield Finding(str(path), "release", "is no <service>/<version>.patch of a service with versions")
            continue
        try:
            _compile(releases.files(service, version, own))
            releases.release(service, version, own)
        except LabctlError as error:
            yield Finding(str(path), "release", _joined(error.what, error.expected, error.todo))
        except SyntaxError as error:
            yield Finding(str(path), "release", f"breaks {error.filename}, line {error.lineno}: {error.msg}")


def _compile(sources: Mapping[str, str]) -> None:
    """Raise SyntaxError for a source that is not valid in the services' Python; an older Python here can't check it."""
    if sys.version_info[:2] < tuple(map(int, SERVICES_PYTHON.split("."))):
        return
    for name, text in sources.items():
        if name.endswith(".py"):
            compile(text, name, "exec")


def _entries(folder: Path) -> list[Path]:
    """Return the paths in a folder except hidden ones, sorted; none where there is no folder. Raises OSError."""
    if not os.path.lexists(folder):
        return []
    return sorted(each for each in folder.iterdir() if not each.name.startswith("."))


def _finding(error: FaultFileError) -> Finding:
    todo = "" if error.todo == MEND else error.todo
    return Finding(str(error.path), error.field, _joined(error.problem, todo))


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def _stale(root: Path, faults: Sequence[Fault]) -> Iterable[Finding]:
    for path, region, body in documentation.fault_regions(root, faults):
        text = path.read_text("utf-8")
        if documentation.with_region(text, region, body) != text:
            yield Finding(str(path), region, "does not agree with the faults' files; run `make docs`")
