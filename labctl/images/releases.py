"""Releases: a service's version is what its source says; every later one is a real diff of that source.

    services/<service>/VERSION                        the version that the tree holds (loadgen/ for the clients)
    services/releases/<service>/<version>.patch       a later one: Author:, Date:, a blank line, why, then the diff
    <own>/<service>/<version>.patch                   the same, of a user's own faults

A patch changes files of its service only, never VERSION, which is written when the release gets its version: that of
the patch's name, or another. Its message says what a real commit message would say: a cause or a verdict in it would
spoil an incident. Releases can be stacked: each patch is applied to what those before it left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from labctl.base.errors import CatalogueError, NotFoundError
from labctl.base.paths import bundle_root
from labctl.base.private_files import refused
from labctl.images.patches import Patch, apply, parse
from labctl.images.patches import diff as difference
from labctl.model import services as table
from labctl.model.deployed import Deployed
from labctl.model.versions import is_version

_PREAMBLE = re.compile(r"Author: (?P<author>\S+)\nDate: (?P<date>\d{4}-\d\d-\d\d)\n\n(?P<message>\S.*?)\s*", re.DOTALL)
_LEFT_OUT = ("__pycache__", "*.pyc", ".*")


@dataclass(frozen=True)
class Release:
    """Who released a version, on which day, and with which message."""

    service: str
    version: str
    author: str
    date: date
    message: str


def services() -> list[str]:
    """Return the services that have versions, sorted."""
    root = bundle_root()
    return sorted(name for name in table.with_sources() if (root / _folder_of(name) / "VERSION").is_file())


def versions(service: str, own: Path | None = None) -> list[str]:
    """Return a service's versions, the tree's own first, then the releases. Raises NotFoundError with the nearest."""
    later = sorted(_patches_of(service, own), key=lambda version: [int(part) for part in version.split(".")])
    return [shipped_version(service), *later]


def release(service: str, version: str, own: Path | None = None) -> Release | None:
    """Return a release's author, day and message; None for the tree's own version."""
    found = _patch(service, version, own)
    if found is None:
        return None
    text, name = found[0], _name(found[1])
    preamble = _PREAMBLE.fullmatch(parse(text, name).preamble)
    if not preamble:
        raise CatalogueError(f"{name} does not begin as a release", expected="Author:, Date:, a blank line, why")
    try:
        day = date.fromisoformat(preamble["date"])
    except ValueError as error:
        raise CatalogueError(f"{name} has no valid date: {error}", expected="Date: YYYY-MM-DD") from error
    return Release(service, version, preamble["author"], day, preamble["message"])


def shipped_version(service: str) -> str:
    """Return the version that the tree holds. Raises NotFoundError with the nearest service."""
    return _read(bundle_root() / _folder(service) / "VERSION").strip()


def files(service: str, version: str, own: Path | None = None) -> dict[str, str]:
    """Return a version's own source files by path, such as services/risk/app.py: the shipped ones, or one release."""
    found = _patch(service, version, own)
    return stacked(service, () if found is None else (Deployed(version, version),), own)


def stacked(service: str, deployed: Iterable[Deployed], own: Path | None = None) -> dict[str, str]:
    """Return a service's source files by path, with these releases upon the shipped version, each upon those before it.

    Raises CatalogueError for a patch that does not fit there.
    """
    folder, root = _folder(service), bundle_root()
    tree = {path.relative_to(root).as_posix(): _read(path) for path in _sources(root / folder)}
    for each in deployed:
        found = _patch(service, each.release, own)
        if found is None:
            raise CatalogueError(f"{service} {each.release} is no release", expected="the name of a patch")
        text, name = found[0], _name(found[1])
        patch = parse(text, name)
        _check_scope(patch, folder, name)
        tree = apply(patch, tree, name)
        tree[f"{folder}/VERSION"] = f"{each.version}\n"
    return tree


def diff(service: str, old: str, new: str, own: Path | None = None) -> str:
    """Return what changed in a service's source between two versions, as a unified diff."""
    return difference(files(service, old, own), files(service, new, own))


def stacked_diff(service: str, old: Iterable[Deployed], new: Iterable[Deployed], own: Path | None = None) -> str:
    """Return what changed in a service's source between two stacks of releases, as a unified diff."""
    return difference(stacked(service, old, own), stacked(service, new, own))


def write_sources(sources: Mapping[str, str], folder: Path) -> None:
    """Lay a service's source files out like the bundle, with all that its image is built from beside them.

    Raises HostError when the host refuses.
    """
    shared = {path: _read(bundle_root() / path) for path in _shared()}
    try:
        for path, text in {**shared, **sources}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
    except OSError as error:
        raise refused(folder, error) from error


def _shared() -> list[str]:
    """Return the paths of the sources that every service's image holds beside the service's own."""
    root = bundle_root()
    return ["services/__init__.py", *(path.relative_to(root).as_posix() for path in _sources(root / "services/common"))]


def _sources(folder: Path) -> list[Path]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in found if not _left_out(path.relative_to(folder))]


def _left_out(path: Path) -> bool:
    return any(Path(part).match(pattern) for part in path.parts for pattern in _LEFT_OUT)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}", expected="a text file in UTF-8") from error


def _folder(service: str) -> str:
    if service not in services():
        raise NotFoundError("service with versions", service, services())
    return _folder_of(service)


def _folder_of(service: str) -> str:
    return str(table.known(service).sources)


def _patches_of(service: str, own: Path | None) -> dict[str, Path]:
    """Map the versions of a service's releases to their patches. Raises CatalogueError for a bad or taken version."""
    _folder(service)
    found: dict[str, Path] = {}
    for folder in filter(None, (bundle_root() / "services" / "releases", own)):
        for path in sorted((folder / service).glob("*.patch")):
            if path.stem in found or path.stem == shipped_version(service):
                raise CatalogueError(f"{path}: {service} {path.stem} is there already", todo="choose another version")
            if not is_version(path.stem):
                raise CatalogueError(f"{path} is not named after a version", expected="a name such as 2.15.0.patch")
            found[path.stem] = path
    return found


def _patch(service: str, version: str, own: Path | None) -> tuple[str, Path] | None:
    """Return a release's patch with its path; None for the tree's own version."""
    known = versions(service, own)
    if version not in known:
        raise NotFoundError(f"version of {service}", version, known)
    if version == known[0]:
        return None
    path = _patches_of(service, own)[version]
    return _read(path), path


def _name(path: Path) -> str:
    root = bundle_root()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _check_scope(patch: Patch, folder: str, name: str) -> None:
    touched = {path for change in patch.files for path in (change.old, change.new) if path}
    for path in sorted(touched):
        if not path.startswith(f"{folder}/") or path == f"{folder}/VERSION":
            raise CatalogueError(f"{name} touches {path}", expected=f"files below {folder}/ except VERSION")
