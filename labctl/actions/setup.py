"""Installing what a lab needs on this machine, before the first lab starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.base import progress
from labctl.docker import engine
from labctl.docker.docker import Docker
from labctl.images import base_image, images
from labctl.operate.image_steps import build_images


@dataclass(frozen=True)
class Setup(Answer):
    """The state of this machine after the set-up."""

    schema: ClassVar[str] = "labctl.setup/1"
    docker: str
    """The daemon's version."""
    compose: str
    """The compose command that labctl uses, and its version."""
    changes: tuple[str, ...]
    """The changes made to this machine, one sentence each."""
    built: tuple[str, ...]
    """The images that were built."""
    grafana: bool
    """Whether Grafana's image is here."""


def setup() -> Setup:
    """Install and start Docker where that is missing, let this user talk to it, and build the images.

    Raises EngineError, HostError.
    """
    docker = Docker()
    with progress.step("Docker") as step:
        found = engine.ensure(docker, step.update)
    built = build_images()
    grafana = _grafana(docker, try_registry=bool(built))
    return Setup(found.docker, found.compose, tuple(found.changes), tuple(built), grafana)


def _grafana(docker: Docker, *, try_registry: bool) -> bool:
    """Whether Grafana's image is on this host; with `try_registry` it is pulled when it is missing."""
    if docker.image_id(images.GRAFANA):
        return True
    if not try_registry:
        return False
    with progress.step("Grafana's image"):
        return base_image.pull(docker, images.GRAFANA)
