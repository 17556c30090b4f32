"""Shows the progress of a long batch: steps done of all steps, the outcomes so far, the present step and its time.

On a terminal these are two lines that are kept up to date; elsewhere each step prints a line when it begins and when it
ends.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from labctl.cli import console


class Watched:
    """The progress of a batch of `total` steps; `bar` is None without a terminal."""

    def __init__(self, total: int, bar: Progress | None) -> None:
        self._total = total
        self._bar = bar
        self._done = 0
        self._outcomes: Counter[str] = Counter()
        self._what = ""
        self._began = self._told = time.monotonic()
        self._all = bar.add_task(self.tally, total=total) if bar else None
        self._now = bar.add_task("", total=None, visible=False) if bar else None

    @property
    def tally(self) -> str:
        """The outcomes so far, such as "3 pass, 1 fail"."""
        return ", ".join(f"{count} {outcome}" for outcome, count in self._outcomes.items()) or "nothing yet"

    def begin(self, what: str) -> Callable[[str], None]:
        """Show that the next step begins; return the callback that takes its phases."""
        self._what = what
        self._began = self._told = time.monotonic()
        if self._bar and self._now is not None:
            self._bar.reset(self._now, description=escape(what), visible=True)
        else:
            console.note(f"[{self._done + 1} of {self._total}] {what} … (so far: {self.tally})")
        return self._phase

    def _phase(self, detail: str) -> None:
        if self._bar and self._now is not None:
            self._bar.update(self._now, description=escape(f"{self._what}: {detail}"), refresh=True)
        elif time.monotonic() - self._told >= console.QUIET_S:
            self._told = time.monotonic()
            console.note(f"  {detail} ({self._told - self._began:.1f} s)")

    def end(self, outcome: str, reasons: Sequence[str]) -> None:
        """Print the outcome of the step; these lines stay on the screen."""
        self._done += 1
        self._outcomes[outcome] += 1
        lines = [f"[{self._done} of {self._total}] {self._what}: {outcome} ({time.monotonic() - self._began:.1f} s)"]
        lines += [f"  {reason}" for reason in reasons]
        for line in lines:
            self._tell(line)

    def _tell(self, line: str) -> None:
        if self._bar and self._all is not None and self._now is not None:
            self._bar.console.print(line, markup=False, highlight=False)
            self._bar.update(self._all, completed=self._done, description=escape(self.tally))
            self._bar.update(self._now, visible=False)
        else:
            console.note(line)


@contextmanager
def watching(total: int) -> Iterator[Watched]:
    """Show the progress of a batch of `total` steps on standard error."""
    bar = console.live(
        SpinnerColumn(),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    if bar is None:
        yield Watched(total, None)
    else:
        with bar:
            yield Watched(total, bar)
