"""Write files to the places that the user names."""

from __future__ import annotations

from pathlib import Path

from labctl.base.errors import HostError


def write_text(path: Path, text: str) -> None:
    """Write a file in UTF-8, replacing an existing one. Raises HostError when the host refuses.

    If the file can't be written whole, as on a full disk, the existing one stays as it was.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a terminal, a pipe
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise HostError(
            f"cannot write {path}: {error.strerror or error}",
            todo="make its folder" if missing else "mend its permissions or free some space, or choose another file",
        ) from error


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
