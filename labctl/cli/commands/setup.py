"""`labctl setup`: everything that a lab needs of this machine, before the first one starts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from labctl.base import progress
from labctl.cli import console
from labctl.cli.options import JsonOption
from labctl.docker import engine
from labctl.docker.docker import Docker
from labctl.images import base_image, images
from labctl.operate.image_steps import build_images


def setup(as_json: JsonOption = False) -> None:
    """Install and start Docker where that is missing, let this user talk to it, and build the images."""
    docker = Docker()
    with progress.step("Docker") as step:
        found = engine.ensure(docker, step.update)
    built = build_images()
    grafana = _grafana(docker, try_registry=bool(built))
    answer = {**asdict(found), "built": built, "grafana": grafana}
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _grafana(docker: Docker, *, try_registry: bool) -> bool:
    """Whether Grafana's image is here, now that the registry was asked; that is done only when something was built."""
    if docker.image_id(images.GRAFANA):
        return True
    if not try_registry:
        return False
    with progress.step("Grafana's image"):
        return base_image.pull(docker, images.GRAFANA)


def _show(answer: dict[str, Any]) -> None:
    console.show(f"Docker {answer['docker']}, {answer['compose']}.")
    for change in answer["changes"]:
        console.show(f"  {change}")
    console.show(f"Images: {len(answer['built'])} built." if answer["built"] else "Images: all here.")
    if not answer["grafana"]:
        tag = images.GRAFANA.partition("@")[0]
        console.show(
            f"Grafana: left out. To add it: docker pull {tag}, then labctl up (after labctl down, if a lab runs)."
        )
