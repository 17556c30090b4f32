"""Containers that labctl runs for a moment beside a lab, labelled with the lab, so that leftovers can be found."""

from __future__ import annotations

from collections.abc import Sequence

from labctl.docker.docker import Docker

LABEL = "labctl.helper"
"""Its value is the lab's compose project. Compose's own label would make it a container of the stack."""


def run(docker: Docker, project: str, options: Sequence[str], image: str, *command: str) -> str:
    """Return what a command prints in a container that is gone afterwards. Raises EngineError when it fails."""
    return docker.run("run", "--rm", "--label", f"{LABEL}={project}", *options, image, *command)


def left(docker: Docker, project: str | None = None) -> list[str]:
    """Return the ids of the helper containers that exist, of one lab or of all."""
    wanted = LABEL if project is None else f"{LABEL}={project}"
    return docker.ids(wanted)


def remove(docker: Docker, project: str) -> None:
    """Remove the helper containers that a killed command left; harmless when there are none."""
    docker.remove(*left(docker, project))
