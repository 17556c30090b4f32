"""Which containers are the lab's."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)
ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Container:
    """A container's full id and the service that runs in it."""

    id: str
    service: str

    @property
    def short_id(self) -> str:
        """The id as people write it."""
        return self.id[:12]


class Inventory:
    """The list that `labctl` writes; read again when the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version: tuple[int, int, int] | None = None
        self._containers: list[Container] = []
        self._complaint = ""

    def containers(self) -> list[Container]:
        """Return the list; the last good one while the file is missing or half written."""
        try:
            status = self._path.stat()
            version = (status.st_ino, status.st_mtime_ns, status.st_size)
            if version != self._version:
                self._containers = _parse(self._path.read_text())
                self._version = version
                self._complaint = ""
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._complain(str(error))
        return self._containers

    def _complain(self, reason: str) -> None:
        """Say what is wrong once, not every second."""
        if reason != self._complaint:
            log.warning("cannot read %s: %s", self._path, reason)
            self._complaint = reason


def _parse(text: str) -> list[Container]:
    found = [Container(str(item["id"]), str(item["service"])) for item in json.loads(text)["containers"]]
    return [container for container in found if ID.fullmatch(container.id)]
