"""How far an errand is, written down as its action says it: at most one write a second."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from labctl.base import progress
from labctl.base.errors import HostError
from labctl.base.times import show_clock
from labctl.state.errand import ErrandFile, ErrandRecord

EVERY_S = 1.0
MOST_LINES = 30


@dataclass
class Steps:
    """The lines that tell how far it is; the last one changes while its step goes on."""

    file: ErrandFile
    record: ErrandRecord
    _lines: list[str] = field(default_factory=list)
    _at: float = float("-inf")

    def hear(self, event: progress.Event) -> None:
        """Take in what an action says."""
        match event:
            case progress.Began(step):
                self._lines.append(step)
            case progress.Moved(step, detail):
                self._change(step, f"{step}: {detail}")
            case progress.Noted(_, text) | progress.Warned(text):
                self._lines.append(text)
            case progress.Ended(step, seconds, well):
                self._change(step, f"{step}: {'done' if well else 'failed'} after {show_clock(seconds)}")
        self._write(now=not isinstance(event, progress.Moved))

    def end(self, state: str, problem: Mapping[str, str]) -> None:
        """Write down how it ended."""
        self.record = replace(self.record, state=state, ended_at=time.time(), problem=dict(problem))
        self.file.write(replace(self.record, steps=tuple(self._lines)))

    def _change(self, step: str, line: str) -> None:
        """Replace the last line of a step."""
        for at in range(len(self._lines) - 1, -1, -1):
            if self._lines[at] == step or self._lines[at].startswith(f"{step}: "):
                self._lines[at] = line
                return
        self._lines.append(line)

    def _write(self, *, now: bool) -> None:
        if not now and time.monotonic() - self._at < EVERY_S:
            return
        self._at = time.monotonic()
        self._lines = self._lines[-MOST_LINES:]
        try:
            self.file.write(replace(self.record, steps=tuple(self._lines)))
        except HostError as error:
            # A full disk must not keep a lab broken; it is said where it can be.
            self._lines.append(error.what)
