"""Images from one daemon to another, without a registry: what one saves the other loads, and no disk holds it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from labctl.docker.docker import Docker
from labctl.docker.refusals import no_answer, refusal

TRANSFER_S = 1800.0


def copy(source: Docker, target: Docker, tags: Sequence[str]) -> None:
    """Copy images by their tags. Raises EngineError with what either daemon says."""
    if not tags:
        return
    with subprocess.Popen(
        [source.binary, "save", *tags],
        env={**os.environ, **source.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    ) as saving:
        try:
            loaded = subprocess.run(
                [target.binary, "load", "--quiet"],
                env={**os.environ, **target.env},
                stdin=saving.stdout,
                capture_output=True,
                timeout=TRANSFER_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            saving.kill()
            raise no_answer("docker load", TRANSFER_S) from error
        said = saving.stderr.read() if saving.stderr else b""
    if loaded.returncode:
        raise refusal("docker load", loaded.stderr.decode(errors="replace"))
    if saving.returncode:
        raise refusal("docker save", said.decode(errors="replace"))
