"""`labctl gameday new|up|status|export|down`: a training day for several teams."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from labctl.base.errors import InputError
from labctl.cli import console
from labctl.cli.options import JsonOption
from labctl.gameday import ending, exporting, launch, status, writing
from labctl.gameday.answers import Ended, Exported, GameDay
from labctl.gameday.plan import DEFAULT_PORT, DEFAULT_RPS
from labctl.gameday.store import DayStore, names

PlanArgument = Annotated[Path, typer.Argument(metavar="PLAN", help="The plan: a YAML file.", show_default=False)]
DayArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Which game day; not needed where there is one.", show_default=False)
]
WhoArgument = Annotated[str, typer.Argument(metavar="TEAM", help="A team, or the word instructor.", show_default=False)]
NameOfDay = Annotated[str, typer.Option("--day", help="Which game day; not needed where there is one.")]
TitleOption = Annotated[str, typer.Option("--title", help="What it is called.")]
TeamsOption = Annotated[str, typer.Option("--teams", help="The teams' names, with commas between them.")]
DrillOption = Annotated[str, typer.Option("--drill", help="A name of `labctl drill list`, or a file.")]
RpsOption = Annotated[int, typer.Option("--rps", help="Requests per second in each lab.", min=1, max=200)]
SparesOption = Annotated[int, typer.Option("--spares", help="Labs that stand by.", min=0, max=4)]
PortOption = Annotated[int, typer.Option("--port", help="The hub's port.", min=1, max=65535)]
UrlOption = Annotated[
    str,
    typer.Option("--url", help="What people open, such as http://192.168.1.20:8080; this machine alone if not given."),
]
ToOption = Annotated[
    Path | None, typer.Option("--to", metavar="DIR", help="The folder; one in labctl's archive if not given.")
]
TITLE, TEAMS, DRILL = "Game day", "blue,green,red", "first-hour"


def new(  # noqa: PLR0913 - an option each
    plan: PlanArgument,
    title: TitleOption = "",
    teams: TeamsOption = "",
    drill: DrillOption = "",
    *,
    rps: RpsOption = DEFAULT_RPS,
    spares: SparesOption = 1,
    port: PortOption = DEFAULT_PORT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write the plan of a game day: what is not given is asked for, or the usual where nobody can be asked."""
    answer = writing.write(
        plan,
        title=title or _asked("What is it called?", TITLE),
        teams=[each.strip() for each in (teams or _asked("Which teams are there?", TEAMS)).split(",")],
        drill=drill or _asked("Which drill do they play?", DRILL),
        rps=rps,
        spares=spares,
        port=port,
        url=url or _asked("What do people open? (empty for this machine alone)", ""),
    )
    console.emit(answer, lambda: console.show(f"{plan} is written. Next: labctl gameday up {plan}"), as_json=as_json)


def up(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Start a game day, or what is missing of it: labs one by one, their rooms, the hub; print the links."""
    answer = launch.begin(plan)
    console.emit(answer, lambda: _day(answer), as_json=as_json)


def status_(name: DayArgument = "", as_json: JsonOption = False) -> None:
    """Show where a game day is: its links, its teams, how far their incidents are."""
    store = DayStore.open(_chosen(name))
    launch.keep(store)
    answer = status.status(store)
    console.emit(answer, lambda: _day(answer), as_json=as_json)


def renew(who: WhoArgument, name: NameOfDay = "", as_json: JsonOption = False) -> None:
    """Replace a team's link, or the instructor's, and put out whoever came in by it: a link that got about."""
    store = DayStore.open(_chosen(name))
    status.renew(store, who)
    answer = status.status(store)
    console.emit(answer, lambda: _day(answer), as_json=as_json)


def export(name: DayArgument = "", to: ToOption = None, as_json: JsonOption = False) -> None:
    """Write all that a game day knows to a folder: its file, results as JSON and CSV, postmortems."""
    answer = exporting.export(DayStore.open(_chosen(name)), to)
    console.emit(answer, lambda: _exported(answer), as_json=as_json)


def down(name: DayArgument = "", to: ToOption = None, as_json: JsonOption = False) -> None:
    """Export a game day, then remove its hub, its rooms and its labs. Where the export fails, nothing is removed."""
    if not name and not names():
        console.emit(Ended("", removed=False, labs=(), exported=None), _nothing, as_json=as_json)
        return
    answer = ending.end(_chosen(name), to)
    console.emit(answer, lambda: _ended(answer), as_json=as_json)


def _chosen(name: str) -> str:
    known = names()
    if name or len(known) == 1:
        return name or known[0]
    if not known:
        return DayStore.open("gameday").name  # says that there is none, and what to do
    raise InputError("there are several game days", expected=f"one of {', '.join(known)}")


def _asked(question: str, usual: str) -> str:
    return str(typer.prompt(question, default=usual, err=True)) if sys.stdin.isatty() else usual


def _day(day: GameDay) -> None:
    hub = "answers" if day.hub else "does not answer"
    console.show(f"{day.title}: {day.state}, round {day.round} of {day.rounds}; the hub {hub} at {day.address}")
    console.table(
        ("TEAM", "LAB", "MEMBERS", "INCIDENT", "JOIN LINK"),
        (
            (
                each.team,
                each.lab if each.ready else f"{each.lab} (not up)",
                ", ".join(each.members) or None,
                each.incident or None,
                each.link,
            )
            for each in day.teams
        ),
    )
    if day.spares:
        console.show(f"Spare: {', '.join(day.spares)}")
    console.show(f"Instructor: {day.instructor}")
    console.note(f"The links to print: {day.sheet}")


def _exported(answer: Exported) -> None:
    console.show(f"The game day '{answer.name}' is in {answer.folder}: {', '.join(answer.files)}")


def _ended(answer: Ended) -> None:
    if not answer.removed:
        console.show(f"There is no game day '{answer.name}': nothing to remove.")
        return
    console.show(f"The game day '{answer.name}' is gone, with {len(answer.labs)} labs.")
    console.show(f"  its results are kept in {answer.exported}")


def _nothing() -> None:
    console.show("There is no game day: nothing to remove.")
