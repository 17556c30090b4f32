"""Commands that are imported when they are given: what one needs is no other one's start."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import typer
from typer.core import TyperCommand, TyperGroup

from labctl.cli.endings import kept_from_rich, kept_from_typer

COMMANDS = Path(__file__).parent / "commands"
Command: TypeAlias = Any
"""What typer makes of a function: a class of its own or of click, by its version."""
CONTEXT = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True)
class Row:
    """One command: its name, the function that its words arrive at, and the panel in which --help lists it."""

    name: str
    function: str
    """Module below labctl.cli.commands and function, such as break_.break_."""
    panel: str | None = None

    def load(self) -> Command:
        """Import the command."""
        module, _, function = self.function.partition(".")
        app = typer.Typer(context_settings=CONTEXT, pretty_exceptions_enable=False, add_completion=False)
        app.command(self.name, rich_help_panel=self.panel)(
            getattr(import_module(f"labctl.cli.commands.{module}"), function)
        )
        return typer.main.get_command(app)

    def stub(self) -> Command:
        """Return what --help lists of it: its docstring, read without importing it."""
        module, _, function = self.function.partition(".")
        tree = ast.parse((COMMANDS / f"{module}.py").read_text("utf-8"))
        functions = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
        return TyperCommand(self.name, help=ast.get_docstring(next(functions)), rich_help_panel=self.panel)


class Commands(MutableMapping[str, Command]):
    """The commands of rows by name, each loaded once, when it is asked for; beside them, groups of more."""

    def __init__(self, rows: Sequence[Row], groups: Mapping[str, Command] | None = None) -> None:
        self._rows = {row.name: row for row in rows}
        self._loaded: dict[str, Command] = dict(groups or {})
        self._names = [*self._rows, *self._loaded]

    def __getitem__(self, name: str) -> Command:
        """Return a command, loaded."""
        if name not in self._loaded:
            self._loaded[name] = self._rows[name].load()
        return self._loaded[name]

    def __setitem__(self, name: str, command: Command) -> None:
        """Add a command that is loaded already."""
        if name not in self._names:
            self._names.append(name)
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        """Remove a command."""
        self._names.remove(name)
        self._rows.pop(name, None)
        self._loaded.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        """Yield the names in the order of --help."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._names)

    def listed(self, name: str) -> Command:
        """Return what --help lists of a command."""
        return self._rows[name].stub() if name in self._rows else self._loaded[name]


class LazyGroup(TyperGroup):
    """A group whose commands are loaded when they are given; --help lists them unloaded."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - as typer says it
        """Return the names in the order of the rows."""
        del ctx
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Command:  # noqa: ANN401 - as typer says it
        """Return a command by its name."""
        del ctx
        if self._listing and isinstance(self.commands, Commands):
            return self.commands.listed(cmd_name)
        return self.commands.get(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as typer says it
        """Write the help."""
        kept_from_rich()
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False


class FirstByDefault(LazyGroup):
    """Commands of which the first is meant when none is named: `labctl faults --json` lists, too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as typer says it
        """Name the command that was left out."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


class Program(LazyGroup):
    """The command line as a whole."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - handed on as it is
        """Read the arguments; --help and --version print here."""
        with kept_from_typer():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - handed on as it is
        """Run the command."""
        with kept_from_typer():
            return super().invoke(ctx)
