"""The command line: every command by name, and the one handler at the top that catches everything."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from labctl import __version__
from labctl.base import progress
from labctl.base.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_READER_GONE, LabctlError
from labctl.cli import bug_report, console
from labctl.cli.commands import (
    break_,
    changes,
    debrief,
    diff,
    doctor,
    down,
    faults,
    faults_check,
    faults_new,
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
from labctl.cli.terminal import Terminal

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
    (CATALOGUE, "verify", verify.verify),
)
# The commands below `labctl faults`; the first one is meant when none is named.
FAULTS: tuple[tuple[str, Command], ...] = (
    ("list", faults.faults),
    ("new", faults_new.new),
    ("check", faults_check.check),
)


class ReaderGoneError(Exception):
    """Nobody reads what is printed any more."""


class CtrlCError(Exception):
    """Somebody pressed Ctrl-C."""


@contextmanager
def _ours() -> Iterator[None]:
    # Typer would end by itself, with 1 as if something had failed, or without a word: it must not see these.
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except KeyboardInterrupt as error:
        raise CtrlCError from error


class Program(TyperGroup):
    """The command line as a whole."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - handed on as it is
        """Read the arguments; --help and --version print here."""
        with _ours():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # noqa: ANN401 - handed on as it is
        """Run the command."""
        with _ours():
            return super().invoke(ctx)


class FirstByDefault(TyperGroup):
    """Commands of which the first is meant when none is named: `labctl faults --json` lists, too."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Name the command that was left out."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="labctl",
    cls=Program,
    help="A real lab on your machine to practise debugging production: break it, find out why, prove it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _panel, _name, _function in COMMANDS:
    app.command(_name, rich_help_panel=_panel)(_function)

_faults = typer.Typer(
    cls=FirstByDefault, help="List the faults that can be practised; write and check faults of your own."
)
for _name, _function in FAULTS:
    _faults.command(_name)(_function)
app.add_typer(_faults, name="faults", rich_help_panel=CATALOGUE)


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


def _reader_gone(self: Console) -> None:
    del self
    raise ReaderGoneError


def main() -> None:
    """Run the command line; every way it can end has its exit code."""
    # Rich would end with 1, too; typer prints help with a console of its own, so that a subclass would miss that.
    Console.on_broken_pipe = _reader_gone  # type: ignore[method-assign]
    try:
        with progress.listening(Terminal()):
            app()
    except LabctlError as problem:
        console.error(problem)
        sys.exit(problem.exit_code)
    except (CtrlCError, KeyboardInterrupt):
        console.note("interrupted")
        sys.exit(EXIT_INTERRUPTED)
    except ReaderGoneError:
        # The reader went away (`labctl logs | head`): nothing is left to say, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_READER_GONE)
    except Exception as bug:
        console.error(bug_report.write(bug))
        sys.exit(EXIT_BUG)
