"""`labctl gameday export`: all that a game day knows, written to a folder, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labctl.base import paths, progress
from labctl.base.errors import HostError, InputError, LabStateError
from labctl.base.files import write_text
from labctl.base.private_files import make_private_dir
from labctl.gameday import results
from labctl.gameday.answers import Exported
from labctl.gameday.audit import MOST_ROWS
from labctl.gameday.schema import GAMEDAY
from labctl.gameday.store import FILE, DayStore
from labctl.state.database import Database


def export(store: DayStore, folder: Path | None = None) -> Exported:
    """Write a game day's file, results and postmortems to a folder that is not there yet.

    Raises InputError for a folder that is there, HostError, LabStateError where the copy is not what it should be.
    """
    target = (folder or usual(store.name)).absolute()
    if target.exists():
        raise InputError(f"{target} is there already", expected="a new folder")
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    with progress.step("exporting the game day"):
        results.keep_all(store)
        try:
            make_private_dir(part)
            files = (*_copy(store, part), *_results(store, part), *_postmortems(store, part))
            os.replace(part, target)  # noqa: PTH105 - a folder, at once or not at all
        except OSError as error:
            raise HostError(
                f"cannot write {target}: {error.strerror or error}",
                expected="a folder that can be made there",
                todo="free some space, or choose another folder: labctl gameday export --to DIR",
            ) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return Exported(store.name, target, files)


def usual(name: str) -> Path:
    """Return where a game day's results go where nobody says it."""
    return paths.archive_dir() / f"gameday-{name}-{time.strftime('%Y%m%d-%H%M%S')}"


def _copy(store: DayStore, folder: Path) -> tuple[str, ...]:
    store.database.copy_to(folder / FILE)
    copy = Database(folder / FILE, GAMEDAY)
    with copy.reading() as connection:
        said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    if said != ["ok"]:
        raise LabStateError("the copy of the game day's file is damaged", todo="export it again, to another disk")
    return (FILE,)


def _results(store: DayStore, folder: Path) -> tuple[str, ...]:
    rows = results.results(store)
    kept = {f"{each.round}-{each.team}": store.incidents.result(each.id) for each in store.incidents.all()}
    document: dict[str, Any] = {
        "schema": "labctl.gameday-results/1",
        "name": store.name,
        "results": [asdict(row) for row in rows],
        "debriefs": {where: found["debrief"] for where, found in kept.items() if found},
        "messages": [asdict(each) for each in store.messages.all()],
        "audit": [asdict(each) for each in store.audit.entries(most=MOST_ROWS)],
    }
    write_text(folder / "results.json", json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    write_text(folder / "results.csv", results.as_csv(rows))
    return "results.json", "results.csv"


def _postmortems(store: DayStore, folder: Path) -> tuple[str, ...]:
    names: list[str] = []
    for each in store.incidents.all():
        kept = store.incidents.result(each.id)
        if kept:
            name = f"postmortem-{each.round}-{each.team}-{each.incident}.md"
            write_text(folder / name, kept["postmortem"])
            names.append(name)
    return tuple(names)
