"""A file of a lab that its services follow while they run: it begins as a copy of the shipped one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labctl.base.shared_files import write_shared


@dataclass(frozen=True)
class FollowedFile:
    """A lab's file at `path`; where it has none, `shipped` counts."""

    path: Path
    shipped: Path

    def prepare(self) -> None:
        """Copy the shipped file where the lab has none."""
        if not self.path.exists():
            self.write(self.text())

    def text(self) -> str:
        """Return the lab's file, or the shipped one."""
        return (self.path if self.path.exists() else self.shipped).read_text(encoding="utf-8")

    def write(self, text: str) -> None:
        """Replace the file; who follows it reads it with what comes next."""
        write_shared(self.path, text)
