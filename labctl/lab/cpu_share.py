"""Give each container only a share of its CPU in the compose file: by an override file in the lab's folder.

Compose 1.29 and compose v2 read a quota from a variable in different forms, and a number in the same.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from labctl.base.private_files import write_private

FILE_NAME = "cpu.json"
WHOLE_US = 100_000
"""The quota of a service without one of its own: one core."""
LEAST_US = 1_000
"""The kernel takes no lower quota."""
_SERVICE = re.compile(r"  ([a-z][a-z-]*):")
_QUOTA = re.compile(r"    cpu_quota: (\d+)")


def quotas(compose: str) -> dict[str, int]:
    """Return every service's quota in microseconds, read from the text of our own compose file."""
    found: dict[str, int] = {}
    service = ""
    for line in compose.partition("\nservices:\n")[2].partition("\nvolumes:\n")[0].splitlines():
        if match := _SERVICE.fullmatch(line):
            service = match[1]
            found[service] = WHOLE_US
        elif match := _QUOTA.fullmatch(line):
            found[service] = int(match[1])
    return found


def write(folder: Path, compose: Path, share: float) -> None:
    """Write the override for a share below 1 into a lab's folder; remove the override for a share of 1."""
    path = folder / FILE_NAME
    if share >= 1:
        path.unlink(missing_ok=True)
        return
    shares = {
        service: {"cpu_quota": max(LEAST_US, round(quota * share))}
        for service, quota in quotas(compose.read_text(encoding="utf-8")).items()
    }
    write_private(path, json.dumps({"services": shares}, indent=2) + "\n")
