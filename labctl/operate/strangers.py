"""Finds other people's tools that are called labctl too: on PyPI and elsewhere the name is taken."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

NAME = "labctl"
OUR_ENTRY = b"labctl.__main__"
"""Text that only the script of our own package contains."""
_READ = 4096


def packages() -> list[str]:
    """Return the installed Python packages that are called labctl, as "labctl 1.2"."""
    try:
        found = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        return []
    return [f"{NAME} {found.version}"]


def programs(path: str | None = None) -> list[Path]:
    """Return the programs on PATH that are called labctl and are not ours."""
    folders = (os.environ.get("PATH", "") if path is None else path).split(os.pathsep)
    there = (Path(folder or ".") / NAME for folder in dict.fromkeys(folders))
    return [each for each in there if each.is_file() and os.access(each, os.X_OK) and not _is_ours(each)]


def _is_ours(program: Path) -> bool:
    try:
        with program.open("rb") as file:
            return OUR_ENTRY in file.read(_READ)
    except OSError:
        return False
