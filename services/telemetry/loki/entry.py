"""One log entry on its way through a pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Labels = dict[str, str]
ERROR = "__error__"
ERROR_DETAILS = "__error_details__"


@dataclass(slots=True)
class Entry:
    """`stream` is shared between entries and never changed in place; the other labels are the entry's own."""

    time_ns: int
    line: str
    stream: Labels
    metadata: Labels = field(default_factory=dict)
    parsed: Labels = field(default_factory=dict)

    def get(self, label: str) -> str:
        """Return the label's value, "" for none; a parsed label hides structured metadata of the same name."""
        for labels in (self.parsed, self.metadata, self.stream):
            if label in labels:
                return labels[label]
        return ""

    def add(self, label: str, value: str) -> None:
        """Add a parsed label; the labels of the stream keep their names."""
        self.parsed[f"{label}_extracted" if label in self.stream else label] = value

    def fail(self, error: str, details: str) -> None:
        """Mark the entry as one that a stage could not work with."""
        self.parsed[ERROR] = error
        self.parsed[ERROR_DETAILS] = details

    def leave(self, wanted: Callable[[str], bool]) -> None:
        """Keep only the labels whose names are wanted."""
        self.stream = {name: value for name, value in self.stream.items() if wanted(name)}
        self.metadata = {name: value for name, value in self.metadata.items() if wanted(name)}
        self.parsed = {name: value for name, value in self.parsed.items() if wanted(name)}

    def labels(self) -> Labels:
        """All of them."""
        return self.stream | self.metadata | self.parsed
