"""Which builder a host has, and what each needs to be told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labctl.base import paths
from labctl.docker import builder
from labctl.docker.builder import DEPRECATED, Builder
from labctl.docker.docker import Docker

Make = Callable[[str, str], Any]


@pytest.mark.parametrize(
    ("version", "plug_in", "buildkit"),
    [("20.10.24+dfsg1", False, True), ("28.2.2", False, False), ("28.2.2", True, True), ("unknown", False, False)],
)
def test_buildkit_is_used_where_the_client_has_it(
    fake_program: Make, version: str, *, plug_in: bool, buildkit: bool
) -> None:
    code = 0 if plug_in else 1
    fake_program(
        "docker", f'case "$1" in version) echo {version} ;; buildx) exit {code} ;; context) echo desktop-linux ;; esac'
    )
    assert builder.find(Docker()) == (Builder(buildkit=True, context="desktop-linux") if buildkit else DEPRECATED)


def test_only_the_builder_inside_the_daemon_sees_the_labs_images() -> None:
    told = Builder(buildkit=True, context="desktop-linux").environment
    assert (told["DOCKER_BUILDKIT"], told["BUILDX_BUILDER"]) == ("1", "desktop-linux")
    assert DEPRECATED.environment == {"DOCKER_BUILDKIT": "0"}


def test_the_deprecated_builder_reads_every_dockerfile_of_ours() -> None:
    for path in (paths.bundle_root() / "compose" / "images").rglob("Dockerfile"):
        text = path.read_text("utf-8")
        assert Builder(buildkit=True).dockerfile(text) == text
        plain = DEPRECATED.dockerfile(text)
        assert "--mount" not in plain
        assert plain.count("RUN") == text.count("RUN")


def test_every_file_of_the_host_is_mounted_by_its_id() -> None:
    options = Builder(buildkit=True).options({"ca.pem": Path("/run/x/ca.pem")})
    assert options == ["--secret", "id=ca.pem,src=/run/x/ca.pem"]
    assert DEPRECATED.options({"ca.pem": Path("/run/x/ca.pem")}) == ["--force-rm"]


def pruned(docker: Any, *, before: str, after: str) -> list[str]:
    """The calls that remove entries of a cache with one list of entries before a build, and another after it."""
    cache = Path(f"{docker.path}.cache")
    cache.write_text(before)
    with builder.nothing_kept(Docker(), Builder(buildkit=True)):
        cache.write_text(after)
    return [call for call in docker.calls if call.startswith("builder prune")]


def test_what_is_in_use_and_what_was_there_before_is_left_alone(fake_program: Make) -> None:
    docker = fake_program("docker", 'case "$1" in system) cat "$0.cache" ;; esac')
    old, used = '{"ID": "old", "InUse": "false"}', '{"ID": "used", "InUse": "true"}'
    assert pruned(docker, before=f"[{old}]", after=f"[{old}, {used}]") == []


def test_a_cache_that_was_empty_is_emptied_at_once(fake_program: Make) -> None:
    docker = fake_program("docker", 'case "$1" in system) cat "$0.cache" ;; esac')
    new = '[{"ID": "one", "InUse": "false"}, {"ID": "two", "InUse": "false"}]'
    assert pruned(docker, before="[]", after=new) == ["builder prune --all --force"]
