"""Whether this host is fit for labs, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.operate.diagnosis import Finding, diagnose


@dataclass(frozen=True)
class Doctor(Answer):
    """What was looked at."""

    schema: ClassVar[str] = "labctl.doctor/1"
    ok: bool
    findings: tuple[Finding, ...]


def doctor() -> Doctor:
    """Look at the host and at every lab; what can't be looked at is a finding too."""
    findings = tuple(diagnose())
    return Doctor(all(each.ok for each in findings), findings)
