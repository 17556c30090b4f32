"""Build one image from exactly the files it needs, tagged with a hash of them: what has not changed is not built."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from labctl.docker.builder import DEPRECATED, Builder
from labctl.docker.docker import Docker
from labctl.docker.refusals import refusal
from labctl.images import workshop
from labctl.images.build_settings import build_arguments

BUILD_TIMEOUT = 1800.0
PREFIX = "labctl"
# Neither needed in an image nor a reason to build it anew.
_LEFT_OUT = ("__pycache__", "*.pyc", "*.md", ".*")


@dataclass(frozen=True)
class HostInputs:
    """What a build needs of this host, but its result does not depend on: left out of the hash."""

    arguments: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """What an image is made of. `files` maps a place in the build context to the file or folder that goes there."""

    name: str
    version: str
    """The tag beside that of the content, where people or compose name the image; empty for none."""
    files: Mapping[str, Path]
    parent: str = ""
    """The tag of the image it starts from."""
    arguments: Mapping[str, str] = field(default_factory=dict)

    known_by_content: bool = True
    """Whether the image has the tag of its content. A release's has not: nobody is to know it again."""

    @property
    def tag(self) -> str:
        """The tag that compose uses."""
        return f"{PREFIX}/{self.name}:{self.version}" if self.version else self.content_tag

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag of the image; the first one says that it is built."""
        both = (self.content_tag, self.tag) if self.known_by_content else (self.tag,)
        return tuple(dict.fromkeys(both))

    @cached_property
    def content_tag(self) -> str:
        """The tag that changes with every input."""
        digest = hashlib.sha256(f"{self.parent}\0{sorted(self.arguments.items())}".encode())
        for place, file in self._inputs():
            digest.update(f"\0{place}\0{hashlib.sha256(file.read_bytes()).hexdigest()}".encode())
        return f"{PREFIX}/{self.name}:{digest.hexdigest()[:12]}"

    def build(self, docker: Docker, host: HostInputs = HostInputs(), builder: Builder = DEPRECATED) -> None:
        """Build the image and give it its tags. Raises EngineError with the end of the build's output."""
        parent = {"PARENT": self.parent} if self.parent else {}
        arguments = {**parent, **self.arguments, **host.arguments}
        given = [part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")]
        with workshop.folder() as folder:
            context, secrets = folder / "context", folder / "secrets"
            self._stage(context)
            # BuildKit mounts the host's files; the other builder only takes them in the context.
            _write(secrets if builder.buildkit else context, host.files)
            _fit(context, builder)
            tags = [part for tag in self.tags for part in ("--tag", tag)]
            mounted = builder.options({Path(place).name: secrets / place for place in host.files})
            told = replace(docker, env={**docker.env, **builder.environment})
            done = told.attempt(
                "build", *mounted, *tags, *given, *build_arguments(), str(context), timeout=BUILD_TIMEOUT
            )
        if done.returncode:
            raise refusal(f"the build of {self.tag}", done.stdout + done.stderr)

    def _inputs(self) -> Iterator[tuple[str, Path]]:
        for place, source in sorted(self.files.items()):
            found = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.is_file())
            for file in found:
                relative = file.relative_to(source)
                if not any(Path(part).match(left) for part in relative.parts for left in _LEFT_OUT):
                    yield (Path(place) / relative).as_posix(), file

    def _stage(self, context: Path) -> None:
        """Copy the inputs."""
        for place, file in self._inputs():
            target = context / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for place, content in files.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _fit(context: Path, builder: Builder) -> None:
    """Write the Dockerfile as the builder reads it, and modes that don't depend on this user's umask."""
    dockerfile = context / "Dockerfile"
    dockerfile.write_text(builder.dockerfile(dockerfile.read_text("utf-8")), "utf-8")
    for path in context.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
