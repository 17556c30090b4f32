"""Checks whether this host can run labs, and whether anything has to be cleaned up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.operate.diagnosis import Finding, diagnose


@dataclass(frozen=True)
class Doctor(Answer):
    """The results of all checks; `ok` when every check is."""

    schema: ClassVar[str] = "labctl.doctor/1"
    ok: bool
    findings: tuple[Finding, ...]


def doctor() -> Doctor:
    """Check the host and every lab; a check that can't be made is a finding too."""
    findings = tuple(diagnose())
    return Doctor(all(each.ok for each in findings), findings)
