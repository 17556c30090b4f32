"""Feature flags: switched in a file that services follow while they run, without a restart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.lab.mechanisms.mechanism import RESTORER, Mechanism
from labctl.state.change_feed import Change, NewChange
from labctl.state.flags import FlagFile
from labctl.state.settings import unified_diff
from labctl.state.undo_log import Entry

RESTORED = "Restore feature flags"


@dataclass(frozen=True)
class Flags(Mechanism):
    """The lab's feature flags. An undo entry has a flag's variant before."""

    name: ClassVar[str] = "flags"
    file: FlagFile

    def switch(self, flag: str, variant: str, *, author: str, summary: str) -> Change | None:
        """Put another variant of a flag in force; None when it is already.

        The feed gets an entry with `author` and `summary`. Raises NotFoundError for flag and variant.
        """
        after = self.file.switched({flag: variant})
        before = self.file.flag(flag).variant
        if before == variant:
            return None
        self._note(flag, {"variant": before})
        return self._switch(after, {flag: variant}, author, summary)[0]

    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore the variants that were in force before the oldest of these changes."""
        before = {entry.subject: str(entry.before["variant"]) for entry in entries}
        other = {name: variant for name, variant in before.items() if self.file.flag(name).variant != variant}
        self._switch(self.file.switched(other), other, RESTORER, RESTORED)

    def _switch(self, text: str, variants: Mapping[str, str], author: str, summary: str) -> list[Change]:
        """Add every flag's change to the feed, then write the file."""
        detail = unified_diff(self.file.text(), text, "flags/flags.json")
        added = [
            self.store.changes.add(
                NewChange(
                    kind="flag",
                    component=known.owner,
                    summary=summary,
                    old=f"{name}={known.variant}",
                    new=f"{name}={variant}",
                    author=author,
                    detail=detail,
                )
            )
            for name, variant in variants.items()
            for known in [self.file.flag(name)]
        ]
        self.file.write(text)
        return added
