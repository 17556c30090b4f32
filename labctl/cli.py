"""The command line: every command by name, and the one handler at the top that catches everything."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from labctl import __version__, bug_report, console
from labctl.commands import (
    break_,
    changes,
    debrief,
    diff,
    doctor,
    down,
    faults,
    heal,
    logs,
    metrics,
    page,
    setup,
    sql,
    status,
    submit,
    topology,
    trace,
    traces,
    up,
    verify,
)
from labctl.errors import EXIT_BUG, EXIT_INTERRUPTED, LabctlError

Command = Callable[..., Any]
LAB, INCIDENT, INVESTIGATE, CATALOGUE = "Lab", "Incident", "Investigate", "Catalogue"

# One row per command, in the order of --help: its panel, its name, and the function that a learner's words arrive at.
COMMANDS: tuple[tuple[str, str, Command], ...] = (
    (LAB, "up", up.up),
    (LAB, "status", status.status),
    (LAB, "heal", heal.heal),
    (LAB, "down", down.down),
    (LAB, "doctor", doctor.doctor),
    (LAB, "setup", setup.setup),
    (INCIDENT, "break", break_.break_),
    (INCIDENT, "page", page.page),
    (INCIDENT, "submit", submit.submit),
    (INCIDENT, "debrief", debrief.debrief),
    (INVESTIGATE, "metrics", metrics.metrics),
    (INVESTIGATE, "logs", logs.logs),
    (INVESTIGATE, "traces", traces.traces),
    (INVESTIGATE, "trace", trace.trace),
    (INVESTIGATE, "changes", changes.changes),
    (INVESTIGATE, "diff", diff.diff),
    (INVESTIGATE, "topology", topology.topology),
    (INVESTIGATE, "sql", sql.sql),
    (CATALOGUE, "faults", faults.faults),
    (CATALOGUE, "verify", verify.verify),
)

app = typer.Typer(
    name="labctl",
    help="A real lab on your machine to practise debugging production: break it, find out why, prove it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _panel, _name, _function in COMMANDS:
    app.command(_name, rich_help_panel=_panel)(_function)


def _show_version(wanted: bool) -> None:
    if wanted:
        console.show(f"labctl {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line; every way it can end has its exit code."""
    try:
        app()
    except LabctlError as problem:
        console.error(problem)
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:
        console.note("interrupted")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader went away (`labctl logs | head`): nothing is left to say, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as bug:
        console.error(bug_report.write(bug))
        sys.exit(EXIT_BUG)
