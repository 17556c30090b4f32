"""What axe finds wrong with a page; nothing where axe is not here: `make room` brings it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "room" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = frozenset({"serious", "critical"})


def serious(page: Page) -> list[tuple[str, str]]:
    """Return what is serious, each with the element that has it."""
    if not AXE.exists():
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS]
