"""Files of a lab that its containers read, whoever they run as."""

from __future__ import annotations

from pathlib import Path

from labctl.base.private_files import refused, replace_whole

DIRECTORY_MODE = 0o755
FILE_MODE = 0o644


def make_shared_dir(path: Path) -> Path:
    """Make a folder (0755) where it is missing; what lies above it stays private. Raises HostError."""
    try:
        path.mkdir(exist_ok=True)
        # Whatever the umask of whoever calls us keeps from others.
        path.chmod(DIRECTORY_MODE)
    except OSError as error:
        raise refused(path, error) from error
    return path


def write_shared(path: Path, text: str) -> None:
    """Replace the whole file (0644) at once. Raises HostError when the host refuses (disk full, permissions).

    Containers have the folder mounted: of a file that is replaced, a mount of it would go on showing the old one.
    """
    make_shared_dir(path.parent)
    replace_whole(path, text, FILE_MODE)
