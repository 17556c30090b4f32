"""How a command of the bench is run, and how it ends: an error as `labctl` tells it, with its exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from labctl.base.errors import LabctlError
from labctl.cli import console


def run(main: Callable[..., None]) -> None:
    """Run a command with the options that were typed; it ends the process where it fails."""
    try:
        typer.run(main)
    except LabctlError as problem:
        console.error(problem)
        sys.exit(problem.exit_code)
