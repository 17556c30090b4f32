"""Give a lab's network its subnet: by an override file in the lab's folder, which compose reads beside its own."""

from __future__ import annotations

import json
from pathlib import Path

from labctl.base.private_files import write_private

FILE_NAME = "network.json"


def write(folder: Path, subnet: str | None) -> None:
    """Write the override; without a subnet, remove it: the network is one that Docker chose for an older labctl."""
    path = folder / FILE_NAME
    if subnet is None:
        path.unlink(missing_ok=True)
        return
    text = json.dumps({"networks": {"default": {"ipam": {"config": [{"subnet": subnet}]}}}}, indent=2) + "\n"
    # Left alone where it says so already: when it was written tells when something was rolled out.
    if not path.exists() or path.read_text("utf-8") != text:
        write_private(path, text)
