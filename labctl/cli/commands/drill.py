"""`labctl drill list|run|status`: incidents that are played in order."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import drill as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import local_time, show_clock
from labctl.cli import console
from labctl.cli.options import CatalogueOption, JsonOption, NameOption

PlanArgument = Annotated[
    str,
    typer.Argument(
        metavar="PLAN",
        help="A name of `labctl drill list`, or a YAML file; if not given, the drill that was interrupted goes on.",
        show_default=False,
    ),
]
AgainOption = Annotated[bool, typer.Option("--again", help="Begin anew, even if a drill is not done.")]


def list_(as_json: JsonOption = False) -> None:
    """List the drills that are shipped."""
    answer = action.known()
    console.emit(answer, lambda: _list(answer), as_json=as_json)


def run(
    plan: PlanArgument = "",
    *,
    again: AgainOption = False,
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Play a drill: break, wait until you have ended the incident, heal, rest, and so on.

    Investigate and submit in another terminal. An interrupted drill goes on where it was with `labctl drill run`.
    """
    for answer in action.run(name, plan, folder, again=again):
        console.emit(answer, lambda shown=answer: _show(shown), as_json=as_json)  # type: ignore[misc]


def status(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Show how far the drill of a lab is."""
    answer = action.status(name)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _list(found: action.Drills) -> None:
    console.table(
        ("DRILL", "INCIDENTS", "AT MOST", "ABOUT"),
        ((each.name, each.incidents, show_clock(each.longest_s), each.about) for each in found.drills),
    )


def _show(drill: action.Drill) -> None:
    console.show(f"{drill.title}: {_state(drill)}")
    console.table(
        ("", "INCIDENT", "KIND", "STATE", "CLOCK"),
        (
            (
                each.number,
                each.incident,
                each.what,
                each.state,
                None if each.clock_s is None else show_clock(each.clock_s),
            )
            for each in drill.steps
        ),
    )


def _state(drill: action.Drill) -> str:
    if drill.incident and drill.incident.page:
        left = "" if drill.incident.left_s is None else f", {show_clock(drill.incident.left_s)} left"
        return f"PAGE: {drill.incident.page.summary}{left}; labctl page shows it"
    if drill.next_at:
        return f"a rest until {local_time(drill.next_at.timestamp())}; labctl debrief tells what it was"
    return "done" if drill.state == "done" else "the next incident is to begin"
