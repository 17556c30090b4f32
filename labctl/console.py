"""The only module that prints: answers to standard output, everything else to standard error.

`NO_COLOR` and terminals that are none are respected: there, progress becomes plain lines and nothing is coloured.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from labctl.errors import LabctlError

PLAIN_WIDTH = 160
"""Columns where the output is not a terminal: wide enough that tables are not broken for grep."""
QUIET_S = 1.0
"""Progress that changes more often than this is not printed line by line."""


def emit(answer: object, human: Callable[[], None], *, as_json: bool) -> None:
    """Print the answer of a command: as one JSON document, or by calling `human`, which prints it for people."""
    if as_json:
        sys.stdout.write(json.dumps(answer, indent=2, default=_plain, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    else:
        human()


def show(what: RenderableType = "") -> None:
    """Print to standard output: text without markup, or anything that rich renders."""
    _out().print(what, markup=False, highlight=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table to standard output; None becomes a dash."""
    grid = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column)
    for row in rows:
        grid.add_row(*(escape("-" if cell is None else str(cell)) for cell in row))
    _out().print(grid, highlight=False)


def facts(pairs: Mapping[str, object], *, title: str = "") -> None:
    """Print names and values below each other to standard output."""
    grid = Table(title=title or None, title_justify="left", box=None, pad_edge=False, show_header=False)
    grid.add_column(style="bold")
    grid.add_column()
    for name, value in pairs.items():
        grid.add_row(escape(name), escape("-" if value is None else str(value)))
    _out().print(grid, highlight=False)


def note(text: str) -> None:
    """Tell something on standard error that is not part of the answer."""
    _err().print(text, markup=False, highlight=False, soft_wrap=True)


def warn(text: str) -> None:
    """Tell on standard error that something is not as it should be, though the command goes on."""
    _err().print(f"[yellow]warning:[/] {escape(text)}", highlight=False, soft_wrap=True)


def error(problem: LabctlError) -> None:
    """Tell on standard error what failed, what was expected, what to do."""
    err = _err()
    err.print(f"[bold red]error:[/] {escape(problem.what)}", highlight=False, soft_wrap=True)
    if problem.expected:
        err.print(f"  expected: {escape(problem.expected)}", highlight=False, soft_wrap=True)
    if problem.todo:
        err.print(f"  to do: {escape(problem.todo)}", highlight=False, soft_wrap=True)


class Step:
    """One step of a long command, with its elapsed time on standard error."""

    def __init__(self, what: str, status: Status | None) -> None:
        self.what = what
        self._status = status
        self._began = self._told = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self._began

    def update(self, detail: str) -> None:
        """Say where the step has got to; a callback that takes a str."""
        if self._status:
            self._status.update(f"{escape(self.what)}: {escape(detail)} [dim]{self.elapsed:.0f} s[/]")
        elif time.monotonic() - self._told >= QUIET_S:
            self._told = time.monotonic()
            note(f"  {self.what}: {detail} ({self.elapsed:.1f} s)")


@contextmanager
def step(what: str) -> Iterator[Step]:
    """Show that `what` is going on, then how long it took; a spinner on a terminal, plain lines elsewhere."""
    err = _err()
    if err.is_terminal:
        with err.status(escape(what)) as status:
            running = Step(what, status)
            yield running
        err.print(f"[green]✓[/] {escape(what)} [dim]{running.elapsed:.1f} s[/]", highlight=False)
    else:
        note(f"{what} …")
        running = Step(what, None)
        yield running
        note(f"{what}: done in {running.elapsed:.1f} s")


def _out() -> Console:
    return Console(file=sys.stdout, width=_width(sys.stdout.isatty()))


def _err() -> Console:
    return Console(file=sys.stderr, width=_width(sys.stderr.isatty()))


def _width(terminal: bool) -> int | None:
    return None if terminal or "COLUMNS" in os.environ else PLAIN_WIDTH


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
