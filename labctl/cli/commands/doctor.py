"""`labctl doctor`: whether this host is fit for labs, and what is left over."""

from __future__ import annotations

import typer

from labctl.base.errors import EXIT_ERROR
from labctl.cli import console
from labctl.cli.options import JsonOption
from labctl.operate.diagnosis import Finding, diagnose


def doctor(as_json: JsonOption = False) -> None:
    """Look at the host and at every lab, and say what to do where something is wrong. Exit 1 when something is."""
    findings = diagnose()
    well = all(each.ok for each in findings)
    console.emit({"ok": well, "findings": findings}, lambda: _show(findings, well), as_json=as_json)
    if not well:
        raise typer.Exit(EXIT_ERROR)


def _show(findings: list[Finding], well: bool) -> None:
    console.table(
        ("", "WHAT", "FOUND", "TO DO"),
        (("ok" if f.ok else "!!", f.what, f.found, "" if f.ok else f.todo) for f in findings),
    )
    console.show("\nAll is well." if well else "\nSomething needs doing: see above.")
