"""What one learner hears of the stream: events with their versions, what came twice, what an id knows and none said."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from labctl.room.stream import parse

GONE = "gone"


@dataclass(frozen=True)
class Told:
    """An event: when it came, of which topic, and the topic's version then."""

    at: float
    topic: str
    version: str


@dataclass
class Ear:
    """Reads a stream line by line, and over several streams of one tab: each goes on from what was heard before."""

    last_id: str
    """What the page had seen that the tab shows."""
    now: Callable[[], float] = time.time
    told: list[Told] = field(default_factory=list)
    doubles: int = 0
    gaps: int = 0
    ended: bool = False
    _fields: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = dict(parse(self.last_id))
        self.told += [Told(self.now(), topic, version) for topic, version in self.known.items()]

    def begin(self) -> None:
        """Begin to read another stream: what was cut off counts for nothing."""
        self._fields.clear()

    def take(self, line: str) -> str | None:
        """Read a line; return the topic of the event that it ends, if it ends one."""
        if line:
            name, _, value = line.partition(":")
            if name:
                self._fields[name] = value.strip()
            return None
        said = dict(self._fields)
        self._fields.clear()
        topic = said.get("event")
        if topic and "id" in said:
            self._note(topic, said["id"])
        self.ended = self.ended or topic == GONE
        return topic

    def _note(self, topic: str, number: str) -> None:
        versions = parse(number)
        version = versions.get(topic, "")
        self.doubles += self.known.get(topic) == version
        self.known[topic] = version
        # An id says all that was said before it: a version in it that never came was lost on the way.
        self.gaps += versions != self.known
        self.known = dict(versions)
        self.last_id = number
        self.told.append(Told(self.now(), topic, version))
