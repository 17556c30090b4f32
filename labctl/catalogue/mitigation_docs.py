"""The parts of the documentation about mitigation: the steps, and what was found to help under each fault."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from labctl.base.tables import table
from labctl.model.fault import Fault
from labctl.model.mitigation import HELD_IN_MEMORY, VERBS

RECORDS = Path("bench") / "mitigations.json"


def regions(root: Path, faults: Sequence[Fault]) -> Iterator[tuple[Path, str, str]]:
    """Yield page, region and text of each part."""
    page = root / "docs" / "mitigation.md"
    yield page, "steps", steps()
    yield page, "memory", table(("Service", "What a restart destroys"), HELD_IN_MEMORY.items())
    yield root / "docs" / "faults.md", "mitigations", ways(faults, _records(root))


def steps() -> str:
    """Return the table of all steps."""
    rows = ((f"`{each.verb} {each.form}`", each.does, each.costs, "yes" if each.undone_by else "no") for each in VERBS)
    return table(("Step", "What it does", "What it costs", "Can be undone"), rows)


def ways(faults: Sequence[Fault], records: Sequence[dict[str, Any]]) -> str:
    """Return the table of what helps under each fault and what does not, with what the records found."""
    found = {(each["fault"], each["steps"]): each for each in records}
    rows = (
        (
            f"`{fault.id}`",
            f"`{way}`",
            "yes" if way.restores else "no",
            way.why,
            _verified(found.get((fault.id, str(way)))),
        )
        for fault in faults
        for way in fault.mitigations
    )
    return table(("Fault", "Steps", "Helps", "Why", "On a lab"), rows)


def _verified(record: dict[str, Any] | None) -> str:
    if record is None:
        return "not run"
    if record["restored_s"] is None:
        return f"{record['outcome']}: users were not well"
    return f"{record['outcome']}: users were well after {record['restored_s']:.0f} s"


def _records(root: Path) -> list[dict[str, Any]]:
    path = root / RECORDS
    return list(json.loads(path.read_text("utf-8"))["mitigations"]) if path.exists() else []
