"""The releases that a service runs, one upon the other: what is kept of them, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Deployed:
    """One release that a service runs: the name of its patch, its version there, the tag of the image made for it."""

    release: str
    version: str
    tag: str = ""
    """Empty for what an older labctl rolled out: its images are tagged with their version."""

    @property
    def image_tag(self) -> str:
        """The image's tag."""
        return self.tag or self.version


Running = tuple[Deployed, ...]
"""The releases upon the shipped version, the newest last; empty for the shipped version itself."""


def written(running: Iterable[Deployed]) -> list[dict[str, str]]:
    """Return the releases as JSON types."""
    return [asdict(each) for each in running]


def read(document: str | list[dict[str, str]]) -> Running:
    """Return the releases that `written` wrote; or, from an older labctl, the one whose version the document is."""
    if isinstance(document, str):
        return (Deployed(document, document),)
    return tuple(Deployed(**each) for each in document)


def read_all(document: Mapping[str, Any] | None) -> dict[str, Running]:
    """Return what every service runs that does not run the shipped version."""
    return {service: read(each) for service, each in (document or {}).items() if each}
