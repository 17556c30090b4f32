"""`labctl export`: an incident's telemetry for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labctl.actions import export as action
from labctl.actions.export import Format
from labctl.base.names import DEFAULT_NAME, option_of
from labctl.base.times import local_time
from labctl.cli import console
from labctl.cli.options import CatalogueOption, JsonOption, NameOption

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="A new folder, or an empty one.")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How the telemetry is written.")]
IncidentOption = Annotated[str, typer.Option("--incident", metavar="INC-0001", help="Not the lab's last incident.")]


def export(
    directory: FolderArgument,
    *,
    kind: FormatOption = Format.RCAEVAL,
    incident: IncidentOption = "",
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Write an incident's metrics, logs and traces, healthy and broken, to files that other programs read.

    Its cause is among them once the incident has ended. Before, the page divides healthy from broken.
    """
    written = action.export(name, directory, kind, incident, folder)
    console.emit(written, lambda: _show(written), as_json=as_json)
    for each in written.cut:
        console.note(f"missing: {each}")
    if not written.with_answer:
        console.note(f"without the cause: the incident is open; after its end: labctl export DIR{option_of(name)}")


def _show(written: action.Exported) -> None:
    console.show(f"{written.folder} has {written.incident}, as {written.format}:")
    for word, (start, end) in (("healthy", written.normal), ("broken", written.abnormal)):
        console.show(f"  {word} from {local_time(start.timestamp())} to {local_time(end.timestamp())}")
    console.table(("FILE", "ROWS"), ((each.name, f"{each.rows:,}") for each in written.files))
