"""The command line: every command by name, in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

import labctl
from labctl.cli.lazy import CONTEXT, Commands, FirstByDefault, Program, Row

LAB, INCIDENT, INVESTIGATE, CATALOGUE = "Lab", "Incident", "Investigate", "Catalogue"

VERBS = (
    *("rollback", "restart", "move", "scale", "config", "flag"),
    *("kill-query", "shed", "block", "index", "park"),
)
# One row per command, in the order of --help.
COMMANDS: tuple[Row, ...] = (
    Row("up", "up.up", LAB),
    Row("status", "status.status", LAB),
    Row("heal", "heal.heal", LAB),
    Row("down", "down.down", LAB),
    Row("doctor", "doctor.doctor", LAB),
    Row("setup", "setup.setup", LAB),
    Row("break", "break_.break_", INCIDENT),
    Row("page", "page.page", INCIDENT),
    Row("submit", "submit.submit", INCIDENT),
    Row("vocabulary", "vocabulary.vocabulary", INCIDENT),
    Row("debrief", "debrief.debrief", INCIDENT),
    Row("metrics", "metrics.metrics", INVESTIGATE),
    Row("logs", "logs.logs", INVESTIGATE),
    Row("traces", "traces.traces", INVESTIGATE),
    Row("trace", "trace.trace", INVESTIGATE),
    Row("changes", "changes.changes", INVESTIGATE),
    Row("diff", "diff.diff", INVESTIGATE),
    Row("topology", "topology.topology", INVESTIGATE),
    Row("sql", "sql.sql", INVESTIGATE),
    Row("verify", "verify.verify", CATALOGUE),
)
# The commands below `labctl faults`; the first one is the default.
FAULTS: tuple[Row, ...] = (
    Row("list", "faults.faults"),
    Row("new", "faults_new.new"),
    Row("check", "faults_check.check"),
)
# The commands below `labctl mitigate`; the first one is the default.
MITIGATE: tuple[Row, ...] = (
    Row("list", "mitigate.list_"),
    *(Row(verb, f"mitigate.{verb.replace('-', '_')}") for verb in VERBS),
    Row("undo", "mitigate.undo"),
)
_HELP = "A real lab on your machine to practise debugging production: break it, find out why, prove it."
_MITIGATE_HELP = (
    "Help the users, whatever the cause: roll back, restart, scale, switch, block; `--list` shows all steps."
)
_FAULTS_HELP = "List the faults that can be practised; write and check faults of your own."


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
    faults = typer.main.get_group(_group(FirstByDefault, _FAULTS_HELP))
    faults.name, faults.commands = "faults", Commands(FAULTS)
    faults.rich_help_panel = CATALOGUE
    mitigate = typer.main.get_group(_group(FirstByDefault, _MITIGATE_HELP, _mitigate_options))
    mitigate.name, mitigate.commands = "mitigate", Commands(MITIGATE)
    mitigate.rich_help_panel = INCIDENT
    group.commands = Commands(COMMANDS, {"mitigate": mitigate, "faults": faults})
    assert isinstance(group, Program)  # noqa: S101 - for the type checker: the class was named above
    return group


def _group(kind: type[FirstByDefault], text: str, options: Callable[..., None] = lambda: None) -> typer.Typer:
    app = typer.Typer(cls=kind, help=text, context_settings=CONTEXT)
    app.callback()(options)
    return app


def _mitigate_options(
    as_list: Annotated[bool, typer.Option("--list", help="List the steps: what each does, and what it costs.")] = False,
) -> None:
    del as_list  # for --help: the group hands every option to its first command


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
