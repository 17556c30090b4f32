"""The only module that prints: answers to standard output, everything else to standard error.

With `NO_COLOR` nothing is coloured. Output that is not a terminal has no colours either, and progress is plain lines.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import Progress, ProgressColumn
from rich.table import Table
from rich.text import Text

from labctl.actions.answer import Answer, to_json
from labctl.base.errors import LabctlError
from labctl.base.text import visible, visible_lines
from labctl.cli import pager
from labctl.cli.endings import make_rich_raise
from labctl.cli.layout import PLAIN_LAYOUT, Layout, natural_width

make_rich_raise()

PLAIN_WIDTH = 160
"""Columns where the output is not a terminal: wide enough that tables are not broken for grep."""
TABLE_WIDTH = 10_000
"""The same for tables, which are only as wide as their content."""
QUIET_S = 1.0
"""Progress that changes more often than this is not printed line by line."""


def emit(answer: Answer, human: Callable[[], None], *, as_json: bool) -> None:
    """Print the answer of a command: as one JSON document, or by calling `human`, which prints it for people."""
    if as_json:
        sys.stdout.write(json.dumps(to_json(answer), indent=2, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    else:
        human()


def show(what: RenderableType = "") -> None:
    """Print to standard output: text without markup, or anything that rich renders."""
    _out().print(what, markup=False, highlight=False)


def lines(texts: Iterable[Text]) -> None:
    """Print one line per text to standard output; labctl never breaks a line, so that grep finds it whole."""
    out = _out()
    for text in texts:
        out.print(text, soft_wrap=True, highlight=False)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", layout: Layout = PLAIN_LAYOUT
) -> None:
    """Print a table to standard output; None becomes a dash, rich's Text keeps its style, other values become text."""
    cells = [tuple(map(_cell, row)) for row in rows]
    kept = layout.kept(columns, cells, table_width())
    grid = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for at in kept:
        whole = columns[at] in layout.whole
        grid.add_column(Text(visible(columns[at])), overflow="crop" if whole else "fold", no_wrap=whole)
    for row in cells:
        grid.add_row(*(row[at] for at in kept))
    _wide_out().print(grid, highlight=False)


def fits(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bool:
    """Whether a table of these would break none of its cells."""
    return natural_width(columns, [tuple(map(_cell, row)) for row in rows]) <= table_width()


def facts(pairs: Mapping[str, object], *, title: str = "") -> None:
    """Print names and values below each other to standard output."""
    grid = Table(title=title or None, title_justify="left", box=None, pad_edge=False, show_header=False)
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    for name, value in pairs.items():
        grid.add_row(Text(name), _cell(value))
    _out().print(grid, highlight=False)


def note(text: str) -> None:
    """Print a hint, which is not part of the answer, to standard error; not onto the screen of a pager."""
    if not (sys.stderr.isatty() and pager.reads_the_answer()):
        ask(text)


def ask(text: str) -> None:
    """Print a text that the user has to see, such as a question, to standard error."""
    _err().print(text, markup=False, highlight=False, soft_wrap=True)


def warn(text: str) -> None:
    """Print a warning to standard error; the command goes on."""
    _err().print(f"[yellow]warning:[/] {escape(text)}", highlight=False, soft_wrap=True)


def error(problem: LabctlError) -> None:
    """Print an error to standard error: what failed, what was expected, what to do."""
    err = _err()
    err.print(f"[bold red]error:[/] {escape(visible_lines(problem.what))}", highlight=False, soft_wrap=True)
    if problem.expected:
        err.print(f"  expected: {escape(visible_lines(problem.expected))}", highlight=False, soft_wrap=True)
    if problem.todo:
        err.print(f"  to do: {escape(visible_lines(problem.todo))}", highlight=False, soft_wrap=True)


def live(*columns: ProgressColumn) -> Progress | None:
    """Return a live progress view of these columns on standard error; None when that is not a terminal."""
    err = _err()
    return Progress(*columns, console=err, transient=True, redirect_stdout=False) if err.is_terminal else None


def done(what: str, seconds: float) -> None:
    """Print to standard error, a terminal, that a step is done."""
    _err().print(f"[green]✓[/] {escape(what)} [dim]{seconds:.1f} s[/]", highlight=False)


def width(plain: int = PLAIN_WIDTH) -> int:
    """Return the width of standard output in columns; `plain` when it is not a terminal."""
    return _out().width if sys.stdout.isatty() or "COLUMNS" in os.environ else plain


def table_width() -> int:
    """Return the width in columns beyond which a table breaks its cells."""
    return _wide_out().width


def coloured() -> bool:
    """Whether answers are shown in colours."""
    return _out().color_system is not None


def _out() -> Console:
    return Console(file=sys.stdout, width=_width(sys.stdout.isatty()))


def _wide_out() -> Console:
    """Return a console that breaks a table at a terminal's edge, and nowhere else."""
    return _out() if sys.stdout.isatty() or "COLUMNS" in os.environ else Console(file=sys.stdout, width=TABLE_WIDTH)


def _cell(value: object) -> Text:
    if isinstance(value, Text):
        return value
    return Text("-" if value is None else visible(str(value)))


def _err() -> Console:
    return Console(file=sys.stderr, width=_width(sys.stderr.isatty()))


def _width(terminal: bool) -> int | None:
    return None if terminal or "COLUMNS" in os.environ else PLAIN_WIDTH
