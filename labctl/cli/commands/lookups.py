"""`labctl lookups`: what was looked at since the page, by number."""

from __future__ import annotations

from labctl.actions import lookups as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import local_time
from labctl.cli import console
from labctl.cli.layout import Layout
from labctl.cli.options import JsonOption, NameOption

_LAYOUT = Layout(spare=("ASKED",), whole=("",))


def lookups(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """List your look-ups since the page by number: --evidence '#7' of submit and hypothesis takes them up again."""
    answer = action.lookups(name)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(found: action.LookUps) -> None:
    if not found.lookups:
        console.note("nothing was looked at since the page")
        return
    console.table(
        ("", "AT", "COMMAND", "ASKED", "AS EVIDENCE"),
        (
            (f"#{each.number}", local_time(each.at.timestamp()), each.command, each.asked, each.evidence)
            for each in found.lookups
        ),
        layout=_LAYOUT,
    )
