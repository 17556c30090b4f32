"""The shape of a real lab, as a learner can see it: names, counts, sizes, dates. What is written there, `reach` reads.

`unexplained` compares two pictures of one lab, before and after something was injected. Each difference has to follow
from an entry of the change feed (EXPLAINED says which, and why), or be what the kernel did to a container, which
anybody on call sees. Else the shape of a lab would tell what no feed does: that, where, when or how often it changed.

Not in the picture: figures, lines and spans, which are symptoms; limits and packet rules, whose effects are figures,
too (`container_spec_cpu_quota`); the state database, which every look-up writes to, and which is sealed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labctl.actions.changes import changes
from labctl.base import paths
from labctl.docker.docker import PROJECT_LABEL, SERVICE_LABEL
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.release import MADE
from labctl.state.change_feed import Change
from labctl.state.settings import read_lab_env

Picture = dict[str, str]
"""What is seen, by place."""

_STATE = re.compile(r"state\.db.*|.*\.lock")
"""Every look-up writes to the database, every command takes the lock."""


@dataclass(frozen=True)
class Explained:
    """Places that may differ when the feed has an entry of one of the `kinds`, for the service that the place names.

    Without `kinds`, they may differ in any case.
    """

    places: str
    kinds: frozenset[str]
    why: str

    def by(self, place: str, feed: Iterable[Change]) -> bool:
        """Whether an entry of the feed explains that a place differs."""
        found = re.fullmatch(self.places, place)
        if not found or not self.kinds:
            return bool(found)
        service = next((each for each in found.groupdict().values() if each), None)
        return any(each.kind in self.kinds and service in (None, each.component) for each in feed)


_ROLLED_OUT = frozenset({"release", "configuration"})
EXPLAINED = (
    Explained(
        r"container (?P<service>[a-z-]+): (name|created|started|restarts|environment)",
        _ROLLED_OUT,
        "a roll-out replaces the container; its name has the next number",
    ),
    Explained(r"(container (?P<service>[a-z-]+): image)", frozenset({"release"}), "a release is another image"),
    Explained(r"image tags of (?P<service>[a-z-]+)", frozenset({"release"}), "its image is made when it is released"),
    Explained(
        r"file config/(?P<service>[a-z-]+)\.env|settings of (?P<of>[a-z-]+)",
        frozenset({"configuration"}),
        "on call, one may read the settings of what one runs",
    ),
    Explained(r"folder config", frozenset({"configuration"}), "a settings file in it was replaced"),
    Explained(r"(file|folder) flags.*", frozenset({"flag"}), "a file in flagd's format may be read in production, too"),
    Explained(r"(file|folder) fog.*", frozenset(), "the page tells its level, which is that of every hidden incident"),
    Explained(r"(file|settings of) lab\.env", frozenset({"release"}), "compose reads the versions there"),
    Explained(r"(file|folder) run.*", _ROLLED_OUT, "the list of the containers' ids, which Docker tells everybody"),
)


def take(lab: Lab) -> Picture:
    """Look at a lab's shape."""
    docker = lab.stack.docker
    inspected = docker.inspect(*(each.id for each in lab.stack.ps()))
    label = f"{PROJECT_LABEL}={lab.stack.project}"
    return {
        **dict(_containers(inspected)),
        **dict(_files(lab)),
        **_tags(_images(lab)),
        "networks": " ".join(sorted(docker.networks(label))),
        "volumes": " ".join(sorted(docker.volumes(label))),
        **{f"settings of {each}": _names(lab.files.settings(each)) for each in lab.files.services()},
        "settings of lab.env": _names(read_lab_env(lab.folder)),
        "gaps in the feed": str(_gaps(each.id for each in changes(lab.name).changes)),
    }


def unexplained(before: Picture, after: Picture, feed: Iterable[Change]) -> list[str]:
    """Return the places whose difference neither the feed's entries since `before` explain, nor the kernel's kills."""
    entries = tuple(feed)
    different = (place for place in sorted(before | after) if before.get(place) != after.get(place))
    return [
        f"{place} was {before.get(place)} and is {after.get(place)}"
        for place in different
        if not any(each.by(place, entries) for each in EXPLAINED) and not _restarted(place, before, after)
    ]


def _restarted(place: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether Docker started a container again that had ended: its count of restarts, which it shows, has grown."""
    found = re.fullmatch(r"(container [a-z-]+): (started|restarts)", place)
    if not found:
        return False
    was, now = (int(each.get(f"{found[1]}: restarts", "0")) for each in (before, after))
    return now > was


def _containers(inspected: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in inspected:
        config = each["Config"]
        place = f"container {config['Labels'][SERVICE_LABEL]}"
        yield f"{place}: name", each["Name"]
        yield f"{place}: created", each["Created"]
        yield f"{place}: started", each["State"]["StartedAt"]
        yield f"{place}: restarts", str(each["RestartCount"])
        yield f"{place}: image", config["Image"]
        yield f"{place}: labels", _names(config["Labels"])
        yield f"{place}: environment", _names(variable.partition("=")[0] for variable in config["Env"])
        yield f"{place}: mounts", _names(mount["Destination"] for mount in each["Mounts"])


def _files(lab: Lab) -> Iterator[tuple[str, str]]:
    for path in sorted(lab.folder.rglob("*")):
        if not _STATE.fullmatch(path.name):
            seen, kind = path.stat(), "folder" if path.is_dir() else "file"
            size = "" if path.is_dir() else f"{seen.st_size} bytes, "
            yield f"{kind} {path.relative_to(lab.folder).as_posix()}", f"{size}{seen.st_mode:o}, {int(seen.st_mtime)}"


def _images(lab: Lab) -> list[str]:
    """Return the names of this host's images, but for the releases of labs beside this one: those come and go."""
    before = _made_beside(lab)
    there = lab.stack.docker.images("labctl/*")
    return sorted(there.keys() - before - _made_beside(lab))


def _made_beside(lab: Lab) -> set[str]:
    others = (Lab(name).store for name in paths.lab_names() if name != lab.name)
    return {each for store in others if store.exists for each in (store.get(MADE) or {"made": []})["made"]}


def _tags(images: Iterable[str]) -> Picture:
    found: dict[str, list[str]] = {}
    for name in images:
        service, _, tag = name.partition("/")[2].partition(":")
        found.setdefault(f"image tags of {service}", []).append(tag)
    return {place: " ".join(tags) for place, tags in found.items()}


def _names(names: Iterable[str]) -> str:
    return " ".join(sorted(names))


def _gaps(ids: Iterable[int]) -> int:
    """Return how many numbers the feed leaves out."""
    known = sorted(ids)
    return known[-1] - len(known) if known else 0
