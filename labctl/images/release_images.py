"""The images of releases: their tags say nothing, and what an older labctl tagged with versions is removed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from labctl.docker.docker import Docker
from labctl.images.image_build import PREFIX
from labctl.model.versions import is_version

_DIGITS = 12
"""As many as the tag of a shipped image has, which its content decides."""


def drawn_tag() -> str:
    """Return a new tag for one release in one lab: nobody else has it, and who saw the release before can't tell."""
    return secrets.token_hex(_DIGITS // 2)


def name(service: str, tag: str) -> str:
    """Return an image's whole name."""
    return f"{PREFIX}/{service}:{tag}"


def remove_old(docker: Docker, present: Mapping[str, str], shipped: Mapping[str, str]) -> None:
    """Remove what an older labctl tagged with a service's version, and the releases among them, unless in use.

    `present` maps tags to the ids of their images, `shipped` services to their versions. Raises EngineError when Docker
    does not answer.
    """
    old = {tag for tag in present if _of_old(tag, shipped)}
    if not old:
        return
    of_releases = {present[tag] for tag in old if tag.rpartition(":")[2] != shipped[_service(tag)]}
    also = {tag for tag, image in present.items() if image in of_releases}
    used = docker.images_in_use()
    docker.remove_images(*sorted(tag for tag in old | also if tag not in used and present[tag] not in used))


def _of_old(tag: str, shipped: Mapping[str, str]) -> bool:
    return _service(tag) in shipped and is_version(tag.rpartition(":")[2]) and "." in tag.rpartition(":")[2]


def _service(tag: str) -> str:
    return tag.removeprefix(f"{PREFIX}/").rpartition(":")[0]
