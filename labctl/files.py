"""Files that a user asked for, at a place of the user's choice."""

from __future__ import annotations

from pathlib import Path

from labctl.errors import HostError


def write_text(path: Path, text: str) -> None:
    """Write a file in UTF-8, over the one that was there. Raises HostError when the host refuses."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise HostError(
            f"cannot write {path}: {error.strerror or error}", todo="choose another file, or make its folder"
        ) from error
