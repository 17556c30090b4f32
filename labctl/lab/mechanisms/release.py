"""Releases: another version of a service, built from a real diff of its source and rolled out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from labctl.base import paths
from labctl.base.errors import CatalogueError, NotFoundError
from labctl.images import releases
from labctl.images.images import Images
from labctl.lab.environment import RELEASES, Environment
from labctl.lab.mechanisms.mechanism import RESTORER, Mechanism
from labctl.state.change_feed import Change, NewChange
from labctl.state.undo_log import Entry


@dataclass(frozen=True)
class Releases(Mechanism):
    """The versions of the lab's services. An undo entry has the version before."""

    name: ClassVar[str] = "release"
    environment: Environment

    @property
    def own(self) -> Path:
        """The folder with the releases of a user's own faults, beside the shipped ones; missing when there are none."""
        return self.environment.folder / RELEASES

    def version(self, service: str) -> str:
        """Return the version of a service that runs. Raises NotFoundError with the nearest service."""
        shipped = _shipped(service)
        return str((self.store.get(RELEASES) or {}).get(service, shipped))

    def deploy(self, service: str, version: str, *, author: str = "", summary: str = "") -> Change | None:
        """Build a version of a service and roll it out; None when it runs already. Raises NotFoundError for both.

        The feed gets an entry with `author` and `summary`, by default those of the release.
        """
        before = self.version(service)
        known = releases.release(service, version, self.own)
        if version == before:
            return None
        diff = releases.diff(service, before, version, self.own)
        self._build(service, version)
        self._note(service, {"version": before})
        said = summary or (known.message if known else f"Roll back to {version}")
        change = NewChange("release", service, said, before, version, author or _author(known), diff)
        return self._roll_out(service, version, change)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Roll back to the version that ran before."""
        for service, version in {entry.subject: entry.before["version"] for entry in entries}.items():
            now = self.version(service)
            self._build(service, version)
            change = NewChange(
                "release", service, f"Roll back to {version}", now, version, RESTORER, self._diff(service, now, version)
            )
            self._roll_out(service, version, change if now != version else None)

    def _build(self, service: str, version: str) -> None:
        # The shipped version must not depend on the releases of a user's own, which may be broken.
        root = paths.bundle_root()
        tree = root if version == _shipped(service) else releases.source_tree(service, version, self.own)
        Images(root).build_service(service, version, tree)

    def _diff(self, service: str, old: str, new: str) -> str:
        """Return the diff of a roll-back; empty when a release is gone or no longer fits, which must not stop it."""
        try:
            return releases.diff(service, old, new, self.own)
        except (CatalogueError, NotFoundError):
            return ""

    def _roll_out(self, service: str, version: str, change: NewChange | None) -> Change | None:
        others = {**(self.store.get(RELEASES) or {})}
        others.pop(service, None)
        self.store.set(RELEASES, others if version == _shipped(service) else {**others, service: version})
        self.environment.write()
        # Before the roll-out: the entry has the time at which its author began.
        added = self.store.changes.add(change) if change else None
        self.stack.rollout(service)
        return added


def _shipped(service: str) -> str:
    return releases.versions(service)[0]


def _author(known: releases.Release | None) -> str:
    return known.author if known else RESTORER
