"""Writing an incident's telemetry to files that other programs read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.looking import look
from labctl.base.errors import HostError, InputError
from labctl.base.files import write_text
from labctl.catalogue import own_folders
from labctl.export import answer, case, otlp, parquet, rcaeval
from labctl.export.case import Case
from labctl.export.reading import Stores, Telemetry

INJECTION, GRAPH, ENVIRONMENT = "injection.json", "causal_graph.json", "env.json"


class Format(StrEnum):
    """How the telemetry is written."""

    PARQUET = "parquet"
    RCAEVAL = "rcaeval"
    OTLP = "otlp"


WRITERS: dict[Format, Callable[[Case, Telemetry, Path], dict[str, int]]] = {
    Format.PARQUET: parquet.write,
    Format.RCAEVAL: rcaeval.write,
    Format.OTLP: otlp.write,
}


@dataclass(frozen=True)
class ExportedFile:
    """A file that was written, and how many rows, spans, lines or points it has."""

    name: str
    rows: int


@dataclass(frozen=True)
class Exported(Answer):
    """What was written of an incident, and where."""

    schema: ClassVar[str] = "labctl.export/1"
    incident: str
    format: str
    folder: Path
    normal: tuple[datetime, datetime]
    """The healthy window."""
    abnormal: tuple[datetime, datetime]
    """The broken window: from the injection to the end; from the page to now while the incident is open."""
    with_answer: bool
    """Whether the cause is among the files: only after the incident's end."""
    files: tuple[ExportedFile, ...]
    cut: tuple[str, ...]
    """What is missing of the telemetry, a sentence each."""


def export(name: str, folder: Path, kind: Format, incident: str = "", catalogue: Path | None = None) -> Exported:
    """Write an incident, the lab's last one without a name, into a folder that is new or empty.

    Raises NotFoundError, LabStateError, LookupFailedError; InputError for a folder with files, HostError.
    """
    lab = look(name, "export", format=str(kind), incident=incident)
    own_folders.repoint(lab.store.documents, catalogue)
    found = case.find(lab, incident)
    if kind is Format.PARQUET:
        parquet.require()
    _make(folder)
    telemetry = Stores(lab.addresses.telemetry, lab.addresses.prometheus)
    try:
        rows = WRITERS[kind](found, telemetry, folder)
        rows |= documents(found, folder)
    except OSError as error:
        raise HostError(
            f"cannot write to {folder}: {error.strerror or error}", expected="a folder with room"
        ) from error
    return Exported(
        incident=found.incident,
        format=str(kind),
        folder=folder,
        normal=(moment(found.normal.start), moment(found.normal.end)),
        abnormal=(moment(found.abnormal.start), moment(found.abnormal.end)),
        with_answer=found.story is not None,
        files=tuple(ExportedFile(file, count) for file, count in rows.items()),
        cut=tuple(telemetry.cut),
    )


def documents(found: Case, folder: Path) -> dict[str, int]:
    """Write what is said of the case as a whole; the cause only where the incident has ended."""
    said = {ENVIRONMENT: answer.environment(found)}
    if found.story:
        said |= {INJECTION: answer.injection(found, found.story), GRAPH: answer.causal_graph(found.story)}
    for file, document in said.items():
        write_text(folder / file, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return dict.fromkeys(said, 1)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = next(folder.iterdir(), None)
    except OSError as error:
        raise HostError(f"cannot use {folder}: {error.strerror or error}", expected="a folder to write to") from error
    if taken is not None:
        raise InputError(f"{folder} is not empty: it has {taken.name}", expected="a new folder, or an empty one")
