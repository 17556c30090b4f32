"""Everything that a lab needs of this machine, before the first one starts."""

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
    """What is here now."""

    schema: ClassVar[str] = "labctl.setup/1"
    docker: str
    """The daemon's version."""
    compose: str
    """Which compose, and its version."""
    changes: tuple[str, ...]
    """What was changed on this machine, one sentence each."""
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
    """Whether Grafana's image is here, now that the registry was asked; that is done only when something was built."""
    if docker.image_id(images.GRAFANA):
        return True
    if not try_registry:
        return False
    with progress.step("Grafana's image"):
        return base_image.pull(docker, images.GRAFANA)
