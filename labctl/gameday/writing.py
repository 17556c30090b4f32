"""`labctl gameday new`: the plan of a game day, as a file to read and to change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from labctl.base.errors import InputError
from labctl.base.files import write_text
from labctl.gameday import plan as plans
from labctl.gameday.answers import NewPlan


def write(
    file: Path, *, title: str, teams: Sequence[str], drill: str, rps: int, spares: int, port: int, url: str
) -> NewPlan:
    """Write a plan to a file that is not there yet. Raises InputError, CatalogueError."""
    if file.exists():
        raise InputError(f"{file} is there already", expected="a new file")
    hub: dict[str, object] = {"port": port}
    if url:
        hub = {"bind": "0.0.0.0", "port": port, "url": url}  # noqa: S104 - people on other machines are to reach it
    document = {
        "title": title,
        "teams": [{"name": each} for each in teams],
        "drill": drill,
        "rps": rps,
        "spares": spares,
        "hub": hub,
    }
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    found = plans.read(text, str(file), file.parent)
    write_text(file, text)
    return NewPlan(file, found.name, tuple(each.name for each in found.teams))
