from __future__ import annotations

import re
from dataclasses import dataclass, field

from labctl.docker.docker import Docker
from labctl.images import release_images

SHIPPED = {"risk": "1.9.2", "payments": "2.14.0"}
OF_OLD = {
    "labctl/risk:1.9.2": "sha256:shipped",
    "labctl/risk:aaaaaaaaaaaa": "sha256:shipped",
    "labctl/risk:1.10.0": "sha256:release",
    "labctl/risk:bbbbbbbbbbbb": "sha256:release",
}
OTHERS = {
    "labctl/risk:cccccccccccc": "sha256:other",
    "labctl/redis:8.0": "sha256:redis",
    "labctl/python:3.13": "sha256:python",
    "labctl/exporters:1": "sha256:exporters",
}


@dataclass(frozen=True)
class Host(Docker):
    used: set[str] = field(default_factory=set)
    removed: list[str] = field(default_factory=list)

    def images_in_use(self) -> set[str]:
        return self.used

    def remove_images(self, *tags: str) -> list[str]:
        self.removed.extend(tags)
        return []


def test_a_tag_looks_like_one_of_content_and_never_comes_twice() -> None:
    drawn = {release_images.drawn_tag() for _ in range(100)}
    assert len(drawn) == 100
    assert all(re.fullmatch(r"[0-9a-f]{12}", each) for each in drawn)


def test_what_an_older_labctl_named_by_version_is_removed_and_its_releases_wholly() -> None:
    host = Host()
    release_images.remove_old(host, {**OF_OLD, **OTHERS}, SHIPPED)
    assert host.removed == ["labctl/risk:1.10.0", "labctl/risk:1.9.2", "labctl/risk:bbbbbbbbbbbb"]


def test_what_a_container_uses_stays() -> None:
    by_name, by_id = Host(used={"labctl/risk:1.9.2"}), Host(used={"sha256:release"})
    release_images.remove_old(by_name, OF_OLD, SHIPPED)
    release_images.remove_old(by_id, OF_OLD, SHIPPED)
    assert by_name.removed == ["labctl/risk:1.10.0", "labctl/risk:bbbbbbbbbbbb"]
    assert by_id.removed == ["labctl/risk:1.9.2"]


def test_a_content_tag_of_digits_only_is_no_version() -> None:
    host = Host()
    release_images.remove_old(host, {"labctl/risk:123456789012": "sha256:other"}, SHIPPED)
    assert host.removed == []


def test_where_nothing_is_of_old_docker_is_not_asked() -> None:
    release_images.remove_old(Docker(binary="/nowhere/docker"), OTHERS, SHIPPED)
