"""How a table gets on with a narrow terminal: which columns it can spare, and which are never broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

GAP = 2
"""Columns between two cells."""


@dataclass(frozen=True)
class Layout:
    """What matters in a table that is wider than the terminal."""

    spare: tuple[str, ...] = ()
    """Columns that are left out while the table is too wide, the first one first."""
    whole: tuple[str, ...] = ()
    """Columns whose cells are of no use broken, such as ids."""
    broken_at: int = 24
    """A cell of any other column may be broken into lines of at least so many characters, before a column is spared."""

    def kept(self, columns: Sequence[str], rows: Sequence[Sequence[Text]], width: int) -> list[int]:
        """Return the places of the columns that are shown in `width` characters."""
        kept = list(range(len(columns)))
        for name in self.spare:
            if self._least_width(columns, rows, kept) <= width:
                break
            kept.remove(columns.index(name))
        return kept

    def _least_width(self, columns: Sequence[str], rows: Sequence[Sequence[Text]], kept: Sequence[int]) -> int:
        widths = (
            size if columns[at] in self.whole else min(size, self.broken_at)
            for at, size in enumerate(_widths(columns, rows))
            if at in kept
        )
        return sum(widths) + GAP * (len(kept) - 1)


PLAIN_LAYOUT = Layout()


def natural_width(columns: Sequence[str], rows: Sequence[Sequence[Text]]) -> int:
    """Return the width of a table none of whose cells is broken."""
    return sum(_widths(columns, rows)) + GAP * (len(columns) - 1)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Text]]) -> list[int]:
    return [max([Text(column).cell_len, *(row[at].cell_len for row in rows)]) for at, column in enumerate(columns)]
