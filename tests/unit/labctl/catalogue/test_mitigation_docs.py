from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from labctl.catalogue import mitigation_docs
from labctl.catalogue.mitigation_docs import regions, steps, ways
from labctl.model.mitigation import VERBS, Restart, restores, useless
from tests.support.example_fault import EXAMPLE

FAULT = replace(
    EXAMPLE, mitigations=(restores(Restart("risk"), why="it mends it"), useless(Restart("ledger"), why="it does not"))
)
FOUND = {"fault": FAULT.id, "steps": "restart risk", "outcome": "pass", "restored_s": 12.3}


def test_every_step_has_its_row() -> None:
    rows = steps().splitlines()[2:]
    assert len(rows) == len(VERBS)
    assert any("`restart SERVICE`" in row and row.endswith("| no |") for row in rows)


def test_what_the_records_found_is_beside_each_way() -> None:
    helps, does_not = ways([FAULT], [FOUND]).splitlines()[2:]
    assert "pass: users were well after 12 s" in helps
    assert "not run" in does_not
    unwell = {**FOUND, "steps": "restart ledger", "restored_s": None}
    assert "pass: users were not well" in ways([FAULT], [unwell])


def test_without_a_record_all_are_not_run(tmp_path: Path) -> None:
    found = {(page.name, name): text for page, name, text in regions(tmp_path, [FAULT])}
    assert found["faults.md", "mitigations"].count("not run") == 2
    path = tmp_path / mitigation_docs.RECORDS
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"mitigations": [FOUND]}))
    found = {(page.name, name): text for page, name, text in regions(tmp_path, [FAULT])}
    assert found["faults.md", "mitigations"].count("not run") == 1
