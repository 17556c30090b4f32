"""`labctl verify`: whether a fault still does what its file claims."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from labctl import catalogue, console, guard, incidents, verification_view
from labctl.errors import EXIT_ERROR
from labctl.files import write_text
from labctl.junit import junit
from labctl.lab import Lab
from labctl.names import DEFAULT_NAME
from labctl.options import NameOption
from labctl.signature import Outcome
from labctl.times import iso
from labctl.verification import verify as run
from labctl.verification_record import Record, markdown

KIND = "verification"
JsonFileOption = Annotated[Path | None, typer.Option("--json", dir_okay=False, help="Write the records as JSON here.")]
JunitFileOption = Annotated[
    Path | None, typer.Option("--junit", dir_okay=False, help="Write the records as JUnit XML here.")
]
MarkdownFileOption = Annotated[
    Path | None, typer.Option("--markdown", dir_okay=False, help="Write the records as Markdown here.")
]
RepeatOption = Annotated[int, typer.Option("--repeat", min=1, max=1000, help="Verify so many times in a row.")]


def verify(
    fault: Annotated[str, typer.Argument(metavar="FAULT", help="Which fault; `labctl faults` lists them.")],
    *,
    repeat: RepeatOption = 1,
    json_file: JsonFileOption = None,
    junit_file: JunitFileOption = None,
    markdown_file: MarkdownFileOption = None,
    name: NameOption = DEFAULT_NAME,
) -> None:
    """Verify a fault on the lab: inject it, see its whole signature, heal it. Exit 0 only when every run passes."""
    chosen = catalogue.by_id(fault)
    lab = Lab.open(name)
    records: list[Record] = []
    _write(records, json_file, junit_file, markdown_file)  # what can't be written is said before anything is injected
    with guard.exclusive(lab, "verify"):
        incidents.reconcile(lab)
        incidents.require_none(lab)
        incidents.require_load(lab, chosen)
        for turn in range(1, repeat + 1):
            with console.step(f"verifying {chosen.id}" + (f", {turn} of {repeat}" if repeat > 1 else "")) as step:
                records.append(run(lab, chosen, step.update))
            # Kept and written after each run: a long series that is cut short keeps what it found.
            lab.store.documents.put(KIND, iso(records[-1].started_at), records[-1].to_document())
            _write(records, json_file, junit_file, markdown_file)
            verification_view.show(records[-1])
    if repeat > 1:
        verification_view.summary(records)
    if any(each.outcome is not Outcome.PASS for each in records):
        raise typer.Exit(EXIT_ERROR)


def _write(records: list[Record], json_file: Path | None, junit_file: Path | None, markdown_file: Path | None) -> None:
    if json_file:
        write_text(json_file, json.dumps([each.to_document() for each in records], indent=2) + "\n")
    if junit_file:
        write_text(junit_file, junit(records))
    if markdown_file:
        write_text(markdown_file, "\n".join(map(markdown, records)))
