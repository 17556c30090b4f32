"""A lab's lab.env (0600): what compose fills in. Ports, passwords, versions, the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from labctl.base.private_files import write_private
from labctl.state import credentials, env_file
from labctl.state.state import LabRecord

FILE_NAME = "lab.env"


def read(folder: Path) -> dict[str, str]:
    """Return the lab's settings; none when there is no file yet."""
    path = folder / FILE_NAME
    return env_file.parse(path.read_text(encoding="utf-8")) if path.exists() else {}


def settings(record: LabRecord, folder: Path, releases: Mapping[str, str]) -> dict[str, str]:
    """Return what the record means for compose; passwords are kept, or made.

    `releases` has the version of every service that does not run the one of its source.
    """
    return {
        "LAB_DIR": str(folder),
        "BIND_ADDRESS": record.bind,
        "TARGET_RPS": f"{record.rps:g}",
        "LOAD_SEED": str(record.seed),
        **{f"{name.upper()}_PORT": str(port) for name, port in asdict(record.ports).items()},
        **{f"{service.upper()}_VERSION": version for service, version in releases.items()},
        **credentials.complete(read(folder)),
    }


def write(folder: Path, values: Mapping[str, str]) -> None:
    """Replace the file."""
    write_private(folder / FILE_NAME, env_file.render(dict(values)))
