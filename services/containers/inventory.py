"""Which containers are the lab's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from services.common.watched_file import WatchedFile

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
    """The list that `labctl` writes."""

    def __init__(self, path: Path) -> None:
        self._file: WatchedFile[list[Container]] = WatchedFile(path, _parse, [])

    def containers(self) -> list[Container]:
        """Return the list; the last good one while the file is missing or half written."""
        return self._file.read()


def _parse(text: str) -> list[Container]:
    found = [Container(str(item["id"]), str(item["service"])) for item in json.loads(text)["containers"]]
    return [container for container in found if ID.fullmatch(container.id)]
