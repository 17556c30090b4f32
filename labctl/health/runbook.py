"""Runbooks: how to look into an alert, a page for each that can page. None says what the cause is."""

from __future__ import annotations

from pathlib import Path

from labctl.base.words import matching

FOLDER = Path(__file__).with_name("runbooks")


def alerts() -> list[str]:
    """Return the names of the alerts that have a runbook, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.md"))


def text(alert: str) -> tuple[str, str]:
    """Return an alert's name and its runbook as Markdown; a beginning of the name is enough. Raises NotFoundError."""
    known = {each.lower(): each for each in alerts()}
    name = known[matching("alert", alert, known).lower()] if alert.lower() not in known else known[alert.lower()]
    return name, (FOLDER / f"{name}.md").read_text("utf-8")
