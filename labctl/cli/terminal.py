"""Shows the progress of an action on standard error: a spinner for each step on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from labctl.base.progress import Began, Ended, Event, Moved, Noted, Warned
from labctl.cli import console


@dataclass
class _Running:
    """A step that is running; `bar` is None without a terminal."""

    bar: Progress | None
    task: TaskID | None
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)


class Terminal:
    """Prints the progress events of an action."""

    def __init__(self) -> None:
        self._steps: dict[str, _Running] = {}

    def __call__(self, event: Event) -> None:
        """Show one event; several threads may call this at once."""
        match event:
            case Began(what):
                self._began(what)
            case Moved(what, detail):
                self._moved(what, detail)
            case Noted(what, text):
                self._noted(what, text)
            case Ended():
                self._ended(event)
            case Warned(text):
                console.warn(text)

    def _began(self, what: str) -> None:
        bar = console.live(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        task = bar.add_task(escape(what)) if bar else None
        self._steps[what] = _Running(bar, task)
        if bar:
            bar.start()
        else:
            console.note(f"{what} …")

    def _moved(self, what: str, detail: str) -> None:
        step = self._steps[what]
        if step.bar and step.task is not None:
            step.bar.update(step.task, description=escape(f"{what}: {detail}"))
        elif time.monotonic() - step.told >= console.QUIET_S:
            step.told = time.monotonic()
            console.note(f"  {detail} ({step.told - step.began:.1f} s)")

    def _noted(self, what: str, text: str) -> None:
        bar = self._steps[what].bar
        if bar:
            bar.console.print(f"  {text}", markup=False, highlight=False)
        else:
            console.note(f"  {text}")

    def _ended(self, event: Ended) -> None:
        bar = self._steps.pop(event.step).bar
        if bar:
            bar.stop()
        if not event.well:
            return
        if bar:
            console.done(event.step, event.seconds)
        else:
            console.note(f"{event.step}: done in {event.seconds:.1f} s")
