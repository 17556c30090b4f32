"""The plans of drills: those that are shipped, and files of a user's own."""

from __future__ import annotations

from pathlib import Path

from labctl.base.errors import CatalogueError, NotFoundError
from labctl.catalogue.drill_reading import read
from labctl.model.drill import Plan

SUFFIXES = (".yaml", ".yml")
FOLDER = Path(__file__).parent / "drills"
FIRST = ("first-hour", "backend-day", "on-call-rehearsal")


def shipped() -> dict[str, Plan]:
    """Return the shipped plans by name, the easiest first."""
    return {name: parsed(text(name), name) for name in FIRST}


def text(plan: str) -> str:
    """Return the text of a plan, by its shipped name or its file. Raises NotFoundError, CatalogueError."""
    if plan in FIRST:
        return (FOLDER / f"{plan}.yaml").read_text("utf-8")
    if not plan.endswith(SUFFIXES) and "/" not in plan:
        raise NotFoundError("drill", plan, FIRST, todo="a plan of your own is a file, such as ./monday.yaml")
    try:
        return Path(plan).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{plan} can't be read: {error}", expected="a YAML file in UTF-8") from error


def parsed(source: str, name: str) -> Plan:
    """Return the plan that a text states. Raises CatalogueError with file, line and field."""
    return read(source, name)
