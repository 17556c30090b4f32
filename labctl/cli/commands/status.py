"""`labctl status`: the present state of one lab."""

from __future__ import annotations

from labctl.actions import status as action
from labctl.base.names import DEFAULT_NAME, option_of
from labctl.base.times import local_time, show_clock
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption
from labctl.cli.page_view import timing
from labctl.cli.readings import expected, value
from labctl.state import login

LATEST = 5
"""How many changes are shown."""


def status(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Show the lab: containers, steady state, pages, changes, and commands that are running or were interrupted."""
    answer = action.status(name)
    console.emit(answer, lambda: _show(answer), as_json=as_json)
    there = login.present()
    if there:
        console.note(f"you are logged in to {there.url}; labctl whoami says more")


def _show(lab: action.Status) -> None:
    state = (
        "healthy"
        if lab.healthy
        else "broken on purpose"
        if lab.incident
        else "paused"
        if lab.status == "paused"
        else "not healthy"
    )
    console.show(f"The lab '{lab.name}' is {state} ({lab.status}, {lab.rps:g} requests/s asked for).")
    for line in _remarks(lab):
        console.show(f"  {line}")
    console.show()
    console.table(
        ("STEADY STATE", "VALUE", "EXPECTED", ""),
        ((each.probe, value(each), expected(each), "ok" if each.holds else "NO") for each in lab.steady_state),
    )
    console.show()
    console.table(("SERVICE", "STATE", "IMAGE"), ((c.service, c.state, c.image) for c in lab.containers))
    if lab.changes:
        console.show()
        console.table(
            ("CHANGED AT", "COMPONENT", "SUMMARY"),
            ((local_time(c.at.timestamp()), c.component, c.summary.partition("\n")[0]) for c in lab.changes[-LATEST:]),
        )
    if any(lab.interfaces.values()):
        console.show()
        console.facts(lab.interfaces)


def _remarks(lab: action.Status) -> list[str]:
    incident = lab.incident
    goes_on = f"clock {show_clock(incident.clock_s)}: labctl page{option_of(lab.name)}" if incident else ""
    timed = [f"{name}: {value}" for name, value in timing(incident).items()] if incident else []
    return [
        *([f"running now: {lab.in_progress}"] if lab.in_progress else []),
        *([f"colleagues work in it, too: process {lab.director}"] if lab.director else []),
        *lab.interrupted,
        *([f"incident {incident.incident} is {incident.status}, {goes_on}"] if incident else []),
        *([f"fog over the telemetry: {lab.fog}"] if lab.fog not in (None, "clear") else []),
        *timed,
        *(f"page: {each.summary}" for each in lab.pages),
        *(f"unknown: {each}" for each in lab.troubles),
    ]
