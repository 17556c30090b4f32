"""Compose, whichever of its two programs is here: `docker compose` (v2) or `docker-compose` (1.29 or later)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import EngineError
from labctl.docker.docker import Docker, invoke
from labctl.docker.refusals import refusal

LEAST_VERSION = (1, 29)
UP_TIMEOUT = 180.0
VERSION_TIMEOUT = 60.0
_STANDALONE = ("docker-compose",)


@dataclass(frozen=True)
class Compose:
    """A compose program and its version, "2.26.1" or the like; empty when it has not been asked."""

    command: tuple[str, ...]
    version: str

    def run(
        self, project: str, files: Sequence[Path], *args: str, env: Mapping[str, str], timeout: float = UP_TIMEOUT
    ) -> str:
        """Run `compose ARGS` for a project. Raises EngineError with compose's own message when it fails."""
        named = [part for file in files for part in ("--file", str(file))]
        # Compose refuses `--remove-orphans` when the user's environment has this set to true.
        settings = {**env, "COMPOSE_IGNORE_ORPHANS": "false"}
        command = [*self.command, "--project-name", project, *named, *args]
        done = invoke(command, timeout=timeout, env=settings, gently=True)
        if done.returncode:
            self._require_version()
            raise refusal(f"{' '.join(self.command)} {args[0]}", done.stderr or done.stdout)
        return done.stdout

    def _require_version(self) -> None:
        """Raise EngineError where this program is too old: what it then says about our files does not help."""
        if _numbers(self.version or _version(self.command)) < LEAST_VERSION:
            raise _missing()


def find(docker: Docker) -> Compose | None:
    """Return the compose program that is here, the newer kind first; None where there is none new enough."""
    for command in ((docker.binary, "compose"), _STANDALONE):
        version = _version(command)
        if _numbers(version) >= LEAST_VERSION:
            return Compose(command, version)
    return None


def require(docker: Docker) -> Compose:
    """Return the compose program that is here. Raises EngineError where there is none new enough."""
    found = find(docker)
    if found is None:
        raise _missing()
    return found


def preferred(docker: Docker) -> Compose:
    """Return the compose program that is here, the newer kind first. Raises EngineError where there is none.

    The older kind takes half a second to tell its version: `run` asks for it only when a command fails.
    """
    plugin = (docker.binary, "compose")
    if version := _version(plugin):
        return Compose(plugin, version)
    if shutil.which(_STANDALONE[0]):
        return Compose(_STANDALONE, "")
    raise _missing()


def _missing() -> EngineError:
    return EngineError("neither `docker compose` nor `docker-compose` 1.29 or later is here", todo="type: labctl setup")


def _version(command: Sequence[str]) -> str:
    # A missing program has no version. One that does not answer in time is an EngineError, raised by `invoke`.
    if shutil.which(command[0]) is None:
        return ""
    done = invoke([*command, "version", "--short"], timeout=VERSION_TIMEOUT)
    return done.stdout.strip() if done.returncode == 0 else ""


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (0, 0)
