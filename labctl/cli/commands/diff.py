"""`labctl diff`: what a change really changed.

With --json: {"service", "kind", "old", "new", "at", "author", "summary", "diff"}; "diff" is a unified diff, "kind" is
"release" or the change's kind; "at" and "author" are null between two releases.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

import typer
from rich.text import Text

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import checked, visible_lines
from labctl.base.times import iso
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption
from labctl.images import releases
from labctl.lab.lab import Lab
from labctl.state.change_feed import Change

_STYLES = (("--- ", "bold"), ("+++ ", "bold"), ("@@", "cyan"), ("-", "red"), ("+", "green"))


@dataclass(frozen=True)
class Difference:
    """What `labctl diff` answers."""

    service: str
    kind: str
    old: str
    new: str
    at: str | None
    author: str | None
    summary: str
    diff: str


def diff(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="Whose change.")],
    old: Annotated[str, typer.Argument(metavar="OLD", help="A version.", show_default=False)] = "",
    new: Annotated[str, typer.Argument(metavar="NEW", help="A later version.", show_default=False)] = "",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Show a service's last change, or the source that changed between two of its versions."""
    for text in (service, old, new):
        checked(text, "the name")
    if old and not new:
        raise InputError(
            "one version is not enough to compare",
            expected="two versions, or none for the last change",
            todo=f"known versions of {service}: {', '.join(releases.versions(service))}",
        )
    lab = Lab.open(name)
    found = _between(lab, service, old, new) if old else _last(lab, service)
    lab.store.journal.looked_up("diff", service=service, old=old, new=new)
    console.emit(asdict(found), lambda: _show(found), as_json=as_json)


def _between(lab: Lab, service: str, old: str, new: str) -> Difference:
    text = releases.diff(service, old, new, lab.releases.own)
    told = releases.release(service, new, lab.releases.own)
    return Difference(
        service, "release", old, new, None, told.author if told else None, told.message if told else "", text
    )


def _last(lab: Lab, service: str) -> Difference:
    feed = lab.store.changes.list(component=service)
    if not feed:
        _check_known(lab, service)
        raise LabStateError(
            f"{service} has not been changed in this lab", todo=f"`labctl diff {service} OLD NEW` compares two versions"
        )
    change = feed[-1]
    text = _detail(lab, change)
    return Difference(service, change.kind, change.old, change.new, iso(change.at), change.author, change.summary, text)


def _detail(lab: Lab, change: Change) -> str:
    if change.detail or change.kind != "release":
        return change.detail
    return releases.diff(change.component, change.old, change.new, lab.releases.own)


def _check_known(lab: Lab, service: str) -> None:
    known = {*releases.services(), *lab.files.services()}
    if service not in known:
        raise NotFoundError("service", service, known)


def _show(found: Difference) -> None:
    head = [f"{found.service}: {found.kind} {found.old} → {found.new}", found.summary]
    console.note("\n".join(visible_lines(line) for line in head if line))
    if not found.diff:
        console.note("no source or configuration differs")
        return
    lines = found.diff.removesuffix("\n").split("\n")
    if console.coloured():
        console.lines(Text(visible_lines(line), style=_style(line)) for line in lines)
    else:
        # A plain patch and nothing else on standard output: `labctl diff … | git apply` works.
        console.lines(map(Text, lines))


def _style(line: str) -> str:
    """Colour what has a meaning; context keeps the terminal's own colour, light or dark."""
    return next((style for start, style in _STYLES if line.startswith(start)), "")
