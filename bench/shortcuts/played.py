"""The raw log of a run: a line for each incident, written as soon as it is over, so that a later run goes on there."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.shortcuts.plan import Planned

LINES = "incidents.jsonl"


@dataclass(frozen=True)
class Told:
    """What one player answered; empty for no answer."""

    answer: str
    right: bool


@dataclass(frozen=True)
class Played:
    """One incident; one that never paged has no answers, and `why` says what labctl said."""

    planned: Planned
    alert: str = ""
    told: Mapping[str, Told] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    """How long its parts took, by name."""
    why: str = ""

    @property
    def paged(self) -> bool:
        """Whether there was an incident at all."""
        return bool(self.alert)

    def to_document(self) -> dict[str, Any]:
        """Return it as JSON types."""
        told = {name: asdict(each) for name, each in self.told.items()}
        rest = {"alert": self.alert, "seconds": dict(self.seconds), "why": self.why}
        return {**asdict(self.planned), **rest, "told": told}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Played:
        """Return the one that `to_document` wrote."""
        planned = Planned(*(document[key] for key in ("fog", "fault", "draw", "seed")))
        told = {name: Told(**each) for name, each in document["told"].items()}
        return cls(planned, document["alert"], told, document["seconds"], document["why"])


@dataclass(frozen=True)
class Log:
    """The log of a run, in a folder that also keeps what every incident's players saw."""

    folder: Path

    def add(self, played: Played) -> None:
        """Write one incident, at once; a last line that was cut short goes. Runs side by side take turns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LINES).open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write(json.dumps(played.to_document()).encode() + b"\n")

    def read(self) -> list[Played]:
        """Return every incident, in their order; a last line that was cut short is left out."""
        path = self.folder / LINES
        text = path.read_text("utf-8") if path.exists() else ""
        return [Played.from_document(json.loads(line)) for line in text.splitlines(keepends=True) if line[-1:] == "\n"]

    def of(self, planned: Sequence[Planned]) -> list[Played]:
        """Return those of the planned incidents that have been played, in the plan's order."""
        known = {each.planned: each for each in self.read()}
        return [known[each] for each in planned if each in known]

    def snapshot(self, planned: Planned) -> Path:
        """Return where an incident's look-ups are kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{planned.name}.json.gz"
