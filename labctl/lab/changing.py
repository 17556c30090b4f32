"""How a change to a lab reads in its change feed: what an on-call engineer would find there, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import CatalogueError, NotFoundError
from labctl.images import releases
from labctl.state import env_file
from labctl.state.changes import NewChange


@dataclass(frozen=True)
class Said:
    """Who changed something, and what they say of it."""

    author: str
    summary: str


def configuration(service: str, before: str, after: str, said: Said) -> NewChange:
    """Return the change from one text of a service's configuration file to another."""
    old, new = env_file.parse(before), env_file.parse(after)
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return NewChange(
        kind="configuration",
        component=service,
        summary=said.summary,
        old=_settings(old, keys),
        new=_settings(new, keys),
        author=said.author,
        detail=env_file.unified_diff(before, after, f"config/{service}.env"),
    )


def release(
    service: str, before: str, after: str, said: Said, own: Path | None = None, *, back: bool = False
) -> NewChange:
    """Return the change from one version of a service to another; `own` has releases beside the shipped ones.

    On the way back, a release that is gone, or fits the sources no more, costs the diff and not the change.
    """
    try:
        detail = releases.diff(service, before, after, own)
    except (CatalogueError, NotFoundError):
        if not back:
            raise
        detail = ""
    return NewChange(
        kind="release",
        component=service,
        summary=said.summary,
        old=before,
        new=after,
        author=said.author,
        detail=detail,
    )


def _settings(settings: dict[str, str], keys: list[str]) -> str:
    return " ".join(f"{key}={settings[key]}" for key in keys if key in settings)
