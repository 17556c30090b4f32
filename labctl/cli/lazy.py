"""Commands whose modules are imported only when the command is typed: each starts without loading the others."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import typer
from typer.core import TyperCommand, TyperGroup

from labctl.cli import gate, usage
from labctl.cli.endings import as_own_errors, make_rich_raise

COMMANDS = Path(__file__).parent / "commands"
Command: TypeAlias = Any
"""A command as typer makes it of a function; the class depends on typer's version."""
CONTEXT = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True)
class Row:
    """One command: its name, its function, and the panel in which --help lists it."""

    name: str
    function: str
    """The module below labctl.cli.commands, and the function in it, such as break_.break_."""
    panel: str | None = None

    @property
    def words(self) -> str:
        """What is typed after labctl."""
        module = self.function.partition(".")[0]
        return " ".join(dict.fromkeys((*module.rstrip("_").split("_"), self.name)))

    def load(self) -> Command:
        """Import the command."""
        module, _, function = self.function.partition(".")
        app = typer.Typer(context_settings=CONTEXT, pretty_exceptions_enable=False, add_completion=False)
        app.command(self.name, rich_help_panel=self.panel)(
            getattr(import_module(f"labctl.cli.commands.{module}"), function)
        )
        command = typer.main.get_command(app)
        if command.callback:
            command.callback = gate.through(module, self.words, command.callback)
        return command

    def stub(self) -> Command:
        """Return a stand-in for --help's list: it has the command's docstring, read without importing the command."""
        module, _, function = self.function.partition(".")
        tree = ast.parse((COMMANDS / f"{module}.py").read_text("utf-8"))
        functions = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
        return TyperCommand(self.name, help=ast.get_docstring(next(functions)), rich_help_panel=self.panel)


class Commands(MutableMapping[str, Command]):
    """Commands by name: those of `rows` are loaded once, when first used; `groups` are loaded already."""

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
        """Return a command, or its stand-in, for --help's list."""
        return self._rows[name].stub() if name in self._rows else self._loaded[name]


class LazyGroup(TyperGroup):
    """A group that loads a command only when it is typed; --help lists the commands without loading them."""

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
        make_rich_raise()
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False


class FirstByDefault(LazyGroup):
    """A group whose first command is the default: `labctl faults --json` is `labctl faults list --json`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as typer says it
        """Add the default command's name when the arguments name no command."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


class Program(LazyGroup):
    """The command line as a whole."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - handed on as it is
        """Read the arguments; --help and --version print here."""
        with as_own_errors(), usage.as_own_errors():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - handed on as it is
        """Run the command."""
        with as_own_errors(), usage.as_own_errors():
            return super().invoke(ctx)
