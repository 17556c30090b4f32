"""`python -m bench.merge WHOLE PART…`: make one record of the records of a batch that was verified in parts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bench import ending
from labctl.base.errors import InputError
from labctl.base.files import write_text
from labctl.cli import console
from labctl.verify.batch_record import BatchRecord
from labctl.verify.verification_record import Record

Document = Mapping[str, Any]
Whole = Annotated[Path, typer.Argument(dir_okay=False, help="The file to write.")]
Parts = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="What `labctl verify --json` wrote.")]


def merged(parts: Sequence[Document]) -> BatchRecord:
    """Return every run of every part, in the order of the runs; not run is what was run in none of them.

    Raises InputError for parts of different kinds, and for one with a soak, which is no part of a batch.
    """
    if any(part["soak"] for part in parts):
        raise InputError("a part has a soak", expected="parts that verify faults only")
    records = [Record.from_document(each) for part in parts for each in part["records"]]
    kinds = {(each.fog, bool(each.evidence), each.rps) for each in records if each.evidence or each.effects}
    if len(kinds) > 1:
        raise InputError("the parts are of different kinds", expected="the same fog and rate, signature or evidence")
    made = {each.fault for each in records}
    missing = (each for part in parts for each in part["summary"]["not_run"])
    why_not = {fault: why for part in parts for fault, why in part["why_not_run"].items() if fault not in made}
    ordered = sorted(records, key=lambda each: each.started_at)
    return BatchRecord(
        tuple(ordered), tuple(dict.fromkeys(each for each in missing if each not in made)), why_not=why_not
    )


def main(whole: Whole, parts: Parts) -> None:
    """Write one record with every run of the parts."""
    found = merged([json.loads(part.read_text("utf-8")) for part in parts])
    write_text(whole, json.dumps(found.to_document(), indent=2) + "\n")
    console.show(f"{found.outcome}: {len(found.records)} runs, {len(found.not_run)} not run")


if __name__ == "__main__":
    ending.run(main)
