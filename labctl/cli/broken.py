"""Faults that do not load, said once: they are left out, and keep nobody from the other ones."""

from __future__ import annotations

from collections.abc import Sequence

from labctl.catalogue.fault_errors import FaultFileError
from labctl.cli import console


def warn_of(broken: Sequence[FaultFileError]) -> None:
    """Say how many faults are left out, by their number: a name would tell something of a hidden one."""
    if broken:
        files = "the file of one fault does" if len(broken) == 1 else f"the files of {len(broken)} faults do"
        console.warn(f"{files} not load, and the fault is left out; `labctl faults check` says why")
