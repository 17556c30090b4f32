"""Writes a report for labctl's developers when labctl itself has a bug."""

from __future__ import annotations

import platform
import sys
import time
import traceback

from labctl import __version__
from labctl.base import paths
from labctl.base.errors import EXIT_BUG, LabctlError
from labctl.base.private_files import make_private_dir, write_private


class BugError(LabctlError):
    """An exception that is a bug in labctl."""

    exit_code = EXIT_BUG


def write(bug: Exception) -> BugError:
    """Write the report and return an error with its path; when it can't be written, the error holds the report."""
    text = describe(bug)
    try:
        folder = make_private_dir(paths.state_root() / "reports")
        path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.txt"
        write_private(path, text)
    except LabctlError:
        return BugError(f"this is a bug in labctl: {bug}", todo=f"please report it with this text:\n{text}")
    return BugError(
        f"this is a bug in labctl: {type(bug).__name__}: {bug}",
        todo=f"please report it with the text in {path}",
    )


def describe(bug: Exception) -> str:
    """Return the report: versions, the command line, the traceback. No argument of labctl is a secret."""
    lines = [
        f"labctl {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"command: {' '.join(sys.argv[1:])}",
        "".join(traceback.format_exception(bug)),
    ]
    return "\n".join(lines)
