"""The command line: every command by name, in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

import labctl
from labctl.cli.lazy import CONTEXT, Command, Commands, FirstByDefault, Program, Row

LAB, INCIDENT, INVESTIGATE, CATALOGUE = "Lab", "Incident", "Investigate", "Catalogue"

VERBS = (
    *("rollback", "restart", "move", "scale", "config", "flag"),
    *("kill-query", "shed", "block", "index", "park"),
)
# One row per command, in the order of --help.
COMMANDS: tuple[Row, ...] = (
    Row("up", "up.up", LAB),
    Row("room", "room.room", LAB),
    Row("status", "status.status", LAB),
    Row("ls", "ls.ls", LAB),
    Row("heal", "heal.heal", LAB),
    Row("pause", "pause.pause", LAB),
    Row("resume", "pause.resume", LAB),
    Row("down", "down.down", LAB),
    Row("doctor", "doctor.doctor", LAB),
    Row("setup", "setup.setup", LAB),
    Row("login", "login.login", LAB),
    Row("logout", "logout.logout", LAB),
    Row("whoami", "whoami.whoami", LAB),
    Row("break", "break_.break_", INCIDENT),
    Row("page", "page.page", INCIDENT),
    Row("runbook", "runbook.runbook", INCIDENT),
    Row("update", "update.update", INCIDENT),
    Row("note", "note.note", INCIDENT),
    Row("notes", "note.notes", INCIDENT),
    Row("submit", "submit.submit", INCIDENT),
    Row("vocabulary", "vocabulary.vocabulary", INCIDENT),
    Row("give-up", "give_up.give_up", INCIDENT),
    Row("debrief", "debrief.debrief", INCIDENT),
    Row("postmortem", "postmortem.postmortem", INCIDENT),
    Row("export", "export.export", INCIDENT),
    Row("leaderboard", "leaderboard.leaderboard", INCIDENT),
    Row("metrics", "metrics.metrics", INVESTIGATE),
    Row("logs", "logs.logs", INVESTIGATE),
    Row("traces", "traces.traces", INVESTIGATE),
    Row("trace", "trace.trace", INVESTIGATE),
    Row("changes", "changes.changes", INVESTIGATE),
    Row("diff", "diff.diff", INVESTIGATE),
    Row("topology", "topology.topology", INVESTIGATE),
    Row("sql", "sql.sql", INVESTIGATE),
    Row("try", "try_.try_", INVESTIGATE),
    Row("lookups", "lookups.lookups", INVESTIGATE),
    Row("mcp", "mcp.mcp", INVESTIGATE),
    Row("verify", "verify.verify", CATALOGUE),
)
# The commands below `labctl faults`; the first one is the default.
FAULTS: tuple[Row, ...] = (
    Row("list", "faults.faults"),
    Row("new", "faults_new.new"),
    Row("check", "faults_check.check"),
)
# Those below `labctl incident`, `labctl hypothesis` and `labctl journal`.
CLOCK: tuple[Row, ...] = (
    Row("show", "page.page"),
    Row("pause", "incident.pause"),
    Row("resume", "incident.resume"),
    Row("extend", "incident.extend"),
    Row("end", "incident.end"),
    Row("void", "incident.void"),
)
HYPOTHESIS: tuple[Row, ...] = (
    Row("list", "hypothesis.list_"),
    Row("add", "hypothesis.add"),
    Row("support", "hypothesis.support"),
    Row("rule-out", "hypothesis.rule_out"),
)
DRILL: tuple[Row, ...] = (
    Row("list", "drill.list_"),
    Row("run", "drill.run"),
    Row("status", "drill.status"),
)
GAMEDAY: tuple[Row, ...] = (
    Row("status", "gameday.status_"),
    Row("new", "gameday.new"),
    Row("up", "gameday.up"),
    Row("renew", "gameday.renew"),
    Row("export", "gameday.export"),
    Row("down", "gameday.down"),
)
JOURNAL: tuple[Row, ...] = (Row("verify", "journal_verify.verify"),)
# The commands below `labctl mitigate`; the first one is the default.
MITIGATE: tuple[Row, ...] = (
    Row("list", "mitigate.list_"),
    *(Row(verb, f"mitigate.{verb.replace('-', '_')}") for verb in VERBS),
    Row("undo", "mitigate.undo"),
)
HOST: tuple[Row, ...] = (
    Row("ls", "host.ls"),
    Row("join", "host.join"),
    Row("drain", "host.drain"),
    Row("activate", "host.activate"),
)
GROUPS = {
    "host": HOST,
    "incident": CLOCK,
    "hypothesis": HYPOTHESIS,
    "journal": JOURNAL,
    "mitigate": MITIGATE,
    "drill": DRILL,
    "gameday": GAMEDAY,
    "faults": FAULTS,
}
_HELP = "A real lab on your machine to practise debugging production: break it, find out why, prove it."
_MITIGATE_HELP = (
    "Help the users, whatever the cause: roll back, restart, scale, switch, block; `--list` shows all steps."
)
_FAULTS_HELP = "Count the faults that can be practised; write and check faults of your own."
_INCIDENT_HELP = "For an instructor: pause an incident's clock, extend its limit, end it, or void it."
_HYPOTHESIS_HELP = "Write down what may be the cause, and what speaks for it or against it."
_DRILL_HELP = "Play several incidents in order, by a plan, with rests between them."
_GAMEDAY_HELP = "Train several teams at once: a lab each, the same incident, one address for all of them."
_HOST_HELP = "Show the hosts that labs run on, and how many more fit; prepare others for a game day."
_JOURNAL_HELP = "Check that what labctl wrote down is as it wrote it."


def program() -> Program:
    """Return the command line."""
    app = typer.Typer(
        name="labctl",
        cls=Program,
        help=_HELP,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings=CONTEXT,
    )
    app.callback()(_options)
    group = typer.main.get_group(app)
    groups = {
        "mitigate": _group("mitigate", _MITIGATE_HELP, INCIDENT, _mitigate_options),
        "hypothesis": _group("hypothesis", _HYPOTHESIS_HELP, INCIDENT),
        "incident": _group("incident", _INCIDENT_HELP, INCIDENT),
        "drill": _group("drill", _DRILL_HELP, INCIDENT),
        "gameday": _group("gameday", _GAMEDAY_HELP, INCIDENT),
        "host": _group("host", _HOST_HELP, LAB),
        "journal": _group("journal", _JOURNAL_HELP, LAB),
        "faults": _group("faults", _FAULTS_HELP, CATALOGUE, _faults_options),
    }
    group.commands = Commands(COMMANDS, groups)
    assert isinstance(group, Program)  # noqa: S101 - for the type checker: the class was named above
    return group


def _group(name: str, text: str, panel: str, options: Callable[..., None] = lambda: None) -> Command:
    """Return a group of commands, the first of which is the default."""
    app = typer.Typer(cls=FirstByDefault, help=text, context_settings=CONTEXT)
    app.callback()(options)
    group = typer.main.get_group(app)
    group.name, group.commands, group.rich_help_panel = name, Commands(GROUPS[name]), panel
    return group


def _mitigate_options(
    as_list: Annotated[bool, typer.Option("--list", help="List the steps: what each does, and what it costs.")] = False,
) -> None:
    del as_list  # for --help: the group hands every option to its first command


def _faults_options(
    spoilers: Annotated[bool, typer.Option("--spoilers", help="Name each fault, too.")] = False,
) -> None:
    del spoilers  # as above


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"labctl {labctl.__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version
