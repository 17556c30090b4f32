"""The builder behind `docker build`: BuildKit where the client has it, else the deprecated builder inside the daemon.

BuildKit mounts what a build needs of this host for one command only: it is in no layer and in no cache. What BuildKit
keeps of a build is removed after it: images are built once for the same inputs, so nothing would use it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from labctl.docker.docker import Docker

# Up to Docker 22 the client itself speaks to BuildKit; since then a plug-in does.
_LAST_WITH_ITS_OWN = 22
_MOUNT = re.compile(r"--mount=\S+[ \t]*(?:\\\n[ \t]*)?")
_PRUNE_TIMEOUT = 300.0
_ROUNDS = 5
"""What BuildKit keeps can be removed only after everything that was made from it."""


@dataclass(frozen=True)
class Builder:
    """How images are built on this host."""

    buildkit: bool
    context: str = "default"
    """Docker's context: BuildKit's builder inside the daemon has its name, and only that one sees the lab's images."""

    @property
    def environment(self) -> dict[str, str]:
        """What `docker build` has to be told by its environment."""
        if not self.buildkit:
            return {"DOCKER_BUILDKIT": "0"}
        # An attestation would make the image a list of two.
        return {
            "DOCKER_BUILDKIT": "1",
            "BUILDX_BUILDER": self.context,
            "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
            "BUILDKIT_PROGRESS": "plain",
        }

    def options(self, secrets: Mapping[str, Path]) -> list[str]:
        """Return the options of `docker build`; `secrets` maps the ids in the Dockerfile to files of this host."""
        if not self.buildkit:
            return ["--force-rm"]
        return [part for name, file in secrets.items() for part in ("--secret", f"id={name},src={file}")]

    def dockerfile(self, text: str) -> str:
        """Return the Dockerfile as this builder reads it: without BuildKit the files to mount lie in the context."""
        return text if self.buildkit else _MOUNT.sub("", text)


DEPRECATED = Builder(buildkit=False)


def find(docker: Docker) -> Builder:
    """Return the builder of this host. Raises EngineError when the daemon does not answer."""
    version = docker.run("version", "--format", "{{.Client.Version}}").strip()
    major = re.match(r"\d+", version)
    own = major is not None and int(major.group()) <= _LAST_WITH_ITS_OWN
    if not own and docker.attempt("buildx", "version").returncode:
        return DEPRECATED
    named = docker.attempt("context", "inspect", "--format", "{{.Name}}")
    return Builder(buildkit=True, context=named.stdout.strip() or "default")


@contextmanager
def nothing_kept(docker: Docker, builder: Builder) -> Iterator[None]:
    """Remove what BuildKit keeps of the builds in this block, and nothing that was there before.

    A build of somebody else's at the same time may lose its cache, too: the entries don't say whose they are.
    """
    before = {each["ID"] for each in _kept(docker)} if builder.buildkit else set()
    try:
        yield
    finally:
        if builder.buildkit:
            _remove_all_but(docker, builder, before)


def _remove_all_but(docker: Docker, builder: Builder, before: set[str]) -> None:
    told = replace(docker, env={**docker.env, **builder.environment})
    if not before:
        told.attempt("builder", "prune", "--all", "--force", timeout=_PRUNE_TIMEOUT)  # one call instead of dozens
        return
    for _ in range(_ROUNDS):
        ours = [each["ID"] for each in _kept(docker) if each["ID"] not in before and not _true(each["InUse"])]
        for each in reversed(ours):
            told.attempt("builder", "prune", "--all", "--force", "--filter", f"id={each}", timeout=_PRUNE_TIMEOUT)
        if not ours:
            return


def _kept(docker: Docker) -> list[dict[str, Any]]:
    """Return the entries of BuildKit's cache, the oldest first; none where docker can't say."""
    done = docker.attempt("system", "df", "--verbose", "--format", "{{json .BuildCache}}")
    said = done.stdout.strip() if done.returncode == 0 else ""
    entries: list[dict[str, Any]] = json.loads(said or "null") or []
    return sorted(entries, key=lambda each: str(each.get("CreatedAt", "")))


def _true(value: object) -> bool:
    return value is True or str(value).lower() == "true"
