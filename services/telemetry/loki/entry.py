"""One log entry on its way through a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Collection

Labels = dict[str, str]
ERROR = "__error__"
ERROR_DETAILS = "__error_details__"
TAKEN = "_extracted"
"""Ends the name of a label whose own name a stronger label has, as in Loki: nothing in a line poses as what was sent
with it, and nothing that was sent with it as the stream's."""


class Entry:
    """`stream` is shared between entries and never changed in place; the other labels are the entry's own."""

    __slots__ = ("_metadata", "line", "parsed", "stream", "time_ns", "value")

    def __init__(self, time_ns: int, line: str, stream: Labels, metadata: Callable[[], Labels] = dict) -> None:
        self.time_ns = time_ns
        self.line = line
        self.stream = stream
        self.parsed: Labels = {}
        self.value: float | None = None
        """What a query unwraps; None for an entry that has nothing to unwrap."""
        self._metadata: Callable[[], Labels] | Labels = metadata

    @property
    def metadata(self) -> Labels:
        """Its structured metadata, made when it is first asked for: most entries of a query never are."""
        if callable(self._metadata):
            sent = self._metadata()
            self._metadata = {_free(name, self.stream): value for name, value in sent.items()}
        return self._metadata

    def get(self, label: str) -> str:
        """Return the label's value, "" for none."""
        if label in self.parsed:
            return self.parsed[label]
        return self.metadata.get(label) or self.stream.get(label, "")

    def add(self, label: str, value: str) -> None:
        """Add a parsed label; the labels of the stream and the structured metadata keep their names."""
        self.parsed[_free(label, self.stream, self.metadata)] = value

    def fail(self, error: str, details: str) -> None:
        """Mark the entry as one that a stage could not work with."""
        self.parsed[ERROR] = error
        self.parsed[ERROR_DETAILS] = details

    def drop(self, labels: Collection[str]) -> None:
        """Take labels away, whatever they come from."""
        # Metadata first: it is named beside the whole stream.
        self._metadata = {name: value for name, value in self.metadata.items() if name not in labels}
        self.stream = {name: value for name, value in self.stream.items() if name not in labels}
        self.parsed = {name: value for name, value in self.parsed.items() if name not in labels}

    def labels(self) -> Labels:
        """All of them."""
        return self.stream | self.metadata | self.parsed


def _free(label: str, *stronger: Labels) -> str:
    return f"{label}{TAKEN}" if any(label in each for each in stronger) else label
