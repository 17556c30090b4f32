"""What changed between two versions of a service that this lab has run: its feed has the diff of every release."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from labctl.base.errors import CatalogueError, NotFoundError
from labctl.images import patches, releases
from labctl.images.patches import Files
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.mechanism import RESTORER
from labctl.state.change_feed import Change


@dataclass(frozen=True)
class Step:
    """What changed from one version to another; who released the later one, and why, where that is known."""

    diff: str
    author: str | None
    summary: str


def known_versions(lab: Lab, service: str) -> list[str]:
    """Return the versions that can be compared: the shipped one, and those that the feed names. Raises NotFoundError.

    A release that this lab has not run is none of them: what it would change is nobody's business yet.
    """
    named = {each.new for each in _feed(lab, service)}
    untold = (each for each in releases.versions(service, lab.releases.own) if each in named)
    return list(dict.fromkeys([*_trees(lab, service), *untold]))


def between(lab: Lab, service: str, old: str, new: str) -> Step:
    """Return what changed between two versions. Raises NotFoundError with the nearest service or version."""
    feed = _feed(lab, service)
    step = next((each for each in reversed(feed) if (each.old, each.new) == (old, new) and each.detail), None)
    known = known_versions(lab, service)
    for version in () if step else (old, new):
        if version not in known:
            raise NotFoundError(f"version of {service}", version, known)
    trees = _trees(lab, service)
    diff = step.detail if step else patches.diff(*(_tree(lab, service, each, trees) for each in (old, new)))
    made = [each for each in feed if each.new == new and each.author != RESTORER]
    return Step(diff, made[-1].author, made[-1].summary) if made else Step(diff, None, "")


def _tree(lab: Lab, service: str, version: str, trees: dict[str, Files]) -> Files:
    # The feed of an older labctl has no diffs of releases: their versions are their patches' names.
    return trees[version] if version in trees else releases.files(service, version, lab.releases.own)


def _trees(lab: Lab, service: str) -> dict[str, Files]:
    """Return the source of each version that the feed leads to from the shipped one, by version."""
    trees: dict[str, Files] = {releases.shipped_version(service): releases.stacked(service, ())}
    for change in _feed(lab, service):
        if change.detail and change.old in trees:
            # What an older source was changed by may not fit the present one: that version can't be shown any more.
            with suppress(CatalogueError):
                name = f"change {change.id}"
                trees[change.new] = patches.apply(patches.parse(change.detail, name), trees[change.old], name)
    return trees


def _feed(lab: Lab, service: str) -> Sequence[Change]:
    return [each for each in lab.store.changes.list(component=service) if each.kind == "release"]
