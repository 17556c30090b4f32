"""Releases: other versions of a service, built from real diffs of its source, one upon the other, and rolled out."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from labctl.base import paths
from labctl.base.errors import CatalogueError, NotFoundError
from labctl.images import release_images, releases
from labctl.images.images import Images
from labctl.lab.environment import RELEASES, Environment
from labctl.lab.mechanisms.mechanism import RESTORER, Mechanism
from labctl.model.deployed import Deployed, Running, read, read_all, written
from labctl.model.versions import as_numbers, following, is_version
from labctl.state.change_feed import Change, NewChange
from labctl.state.undo_log import Before, Entry

MADE = "images"
"""The store's setting with the images that were made for releases and not removed yet."""


@dataclass(frozen=True)
class Releases(Mechanism):
    """The releases that the lab's services run. An undo entry has those of before."""

    name: ClassVar[str] = "release"
    environment: Environment

    @property
    def own(self) -> Path:
        """The folder with the releases of a user's own faults, beside the shipped ones; missing when there are none."""
        return self.environment.folder / RELEASES

    def running(self, service: str) -> Running:
        """Return the releases that a service runs upon its shipped version, the newest last. Raises NotFoundError."""
        releases.shipped_version(service)
        return self._all().get(service, ())

    def version(self, service: str) -> str:
        """Return the version of a service that runs. Raises NotFoundError with the nearest service."""
        return _version(service, self.running(service))

    def deploy(
        self, service: str, release: str, *, version: str = "", author: str = "", summary: str = ""
    ) -> Change | None:
        """Build what a service runs with the patch `release` upon it, and roll that out; None when it runs already.

        Given the shipped version, or a release that others are upon, it goes back to that one. `version` is by default
        the patch's name; author and summary in the feed are by default the patch's own. Raises, before anything is
        changed, NotFoundError for service and release, and CatalogueError for a patch that does not fit upon what runs
        and for a version that is taken.
        """
        before = self.running(service)
        known = releases.release(service, release, self.own)
        after = _with(service, before, release, version) if known else ()
        if known and len(after) > len(before):
            author, summary = author or known.author, summary or known.message
        return self._change(service, after, author, summary)

    def ship(self, service: str, release: str, *, author: str = "", summary: str = "") -> Change | None:
        """Deploy a release under the version that comes next, a patch or a minor step; None when it runs already.

        The lab's seed and what its feed has until then draw the step, so that nobody knows a release by its number. A
        number that was rolled back is not given again.
        """
        draw = random.Random(f"{self.store.record.seed}/{service}/{self.store.changes.last_id()}")
        version = following(self.highest(service), draw)
        return self.deploy(service, release, version=version, author=author, summary=summary)

    def roll_back(self, service: str, version: str = "", *, author: str = "", summary: str = "") -> Change | None:
        """Go back to a version below the present one, by default to the one just before; None when it runs already.

        Raises NotFoundError with the nearest of the versions that there is a way back to.
        """
        before = self.running(service)
        below = {_version(service, before[:count]): before[:count] for count in range(len(before) + 1)}
        if version and version not in below:
            raise NotFoundError(f"version of {service} that runs below {self.version(service)}", version, below)
        return self._change(service, below[version] if version else before[:-1], author, summary)

    def highest(self, service: str) -> str:
        """Return the highest version of a service that runs, or ran as the feed tells. Raises NotFoundError."""
        feed = self.store.changes.list(component=service)
        told = (each.new for each in feed if each.kind == "release" and is_version(each.new))
        return max([self.version(service), *told], key=as_numbers)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Go back to the releases that ran before."""
        for service, before in {entry.subject: entry.before for entry in entries}.items():
            now, then = self.running(service), _running_before(service, before)
            self._build(service, then)
            self._roll_out(service, then, self._entry(service, now, then, RESTORER, "") if now != then else None)

    def restore_images(self) -> None:
        """Build the images of the releases that run anew, where somebody removed them. Raises EngineError."""
        for service, running in self._all().items():
            self._build(service, running)

    def tidy(self) -> None:
        """Remove the images of releases that neither run nor come back when the log is undone, and patches without use.

        One that a container uses is left, and removed the next time. Raises EngineError when Docker does not answer.
        """
        if not self._all() and not self.log.entries(self.name):
            shutil.rmtree(self.own, ignore_errors=True)
        back = ((each.subject, _running_before(each.subject, each.before)) for each in self.log.entries(self.name))
        needed = {_image(service, each) for service, running in [*self._all().items(), *back] for each in running}
        self._remove(self._made() - needed)

    def remove_images(self) -> None:
        """Remove the images of all the lab's releases: its containers are gone. Raises EngineError."""
        self._remove(self._made())

    def _all(self) -> dict[str, Running]:
        return read_all(self.store.get(RELEASES))

    def _change(self, service: str, after: Running, author: str, summary: str) -> Change | None:
        before = self.running(service)
        if after == before:
            return None
        entry = self._entry(service, before, after, author, summary)
        self._build(service, after)
        self._note(service, {"running": written(before)})
        return self._roll_out(service, after, entry)

    def _entry(self, service: str, old: Running, new: Running, author: str, summary: str) -> NewChange:
        before, after = _version(service, old), _version(service, new)
        said = summary or f"Roll back to {after}"
        return NewChange(
            "release", service, said, before, after, author or RESTORER, self._difference(service, old, new)
        )

    def _difference(self, service: str, old: Running, new: Running) -> str:
        """Return the diff; of a way back it is empty when a patch is gone or no longer fits, which must not stop it."""
        try:
            return releases.stacked_diff(service, old, new, self.own)
        except (CatalogueError, NotFoundError):
            if len(new) > len(old):
                raise
            return ""

    def _build(self, service: str, running: Running) -> None:
        images = Images(paths.bundle_root())
        if not running:
            # The shipped version must not depend on the releases of a user's own, which may be broken.
            images.ensure_service(service)
            return
        self._remember(_image(service, running[-1]))
        images.build_service(service, running[-1].image_tag, partial(self._write_sources, service, running))

    def _write_sources(self, service: str, running: Running, folder: Path) -> None:
        releases.write_sources(releases.stacked(service, running, self.own), folder)

    def _roll_out(self, service: str, running: Running, change: NewChange | None) -> Change | None:
        everything = {**self._all(), service: running}
        self.store.set(RELEASES, {name: written(each) for name, each in everything.items() if each})
        self.environment.write()
        # Before the roll-out: the entry has the time at which its author began.
        added = self.store.changes.add(change) if change else None
        self.stack.rollout(service)
        return added

    def _made(self) -> set[str]:
        return set((self.store.get(MADE) or {"made": []})["made"])

    def _remember(self, image: str) -> None:
        """Note an image before it is made: a command that is killed meanwhile must not leave it behind for ever."""
        made = self._made()
        if image not in made:
            self.store.set(MADE, {"made": sorted({*made, image})})

    def _remove(self, images: set[str]) -> None:
        if images:
            left = self.stack.docker.remove_images(*sorted(images))
            self.store.set(MADE, {"made": sorted(self._made() - images | set(left))})


def _with(service: str, before: Running, release: str, version: str) -> Running:
    """Return the releases with one more; without those upon it where it is among them."""
    names = [each.release for each in before]
    if release in names:
        return before[: names.index(release) + 1]
    chosen = version or release
    taken = {releases.shipped_version(service), *(each.version for each in before)}
    if not is_version(chosen):
        raise CatalogueError(f"{chosen!r} is no version of {service}", expected="dotted numbers, such as 2.15.0")
    if chosen in taken:
        raise CatalogueError(
            f"{service} {chosen} runs already, and {release} is no part of it",
            expected=f"a version other than {', '.join(sorted(taken))}",
            todo="choose another version",
        )
    return (*before, Deployed(release, chosen, release_images.drawn_tag()))


def _running_before(service: str, before: Before) -> Running:
    """Return the releases that an undo entry has; an older labctl's has a version."""
    if "running" in before:
        return read(before["running"])
    version = before["version"]
    # Without its patch, there is no way back to that version but the one to the shipped version.
    return read(version) if version in releases.versions(service)[1:] else ()


def _version(service: str, running: Running) -> str:
    return running[-1].version if running else releases.shipped_version(service)


def _image(service: str, deployed: Deployed) -> str:
    return release_images.name(service, deployed.image_tag)
