"""The docker command line, typed: its answers come back parsed, its refusals as EngineError."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labctl.base import orphans
from labctl.base.errors import EngineError, HostError, LabctlError
from labctl.docker import docker_group

PROJECT_LABEL = "com.docker.compose.project"
SERVICE_LABEL = "com.docker.compose.service"

_CLIENTS = ("docker", "docker-compose")
_DISK_FULL = "the disk that Docker writes to is full"
_NICE = ("nice", "-n", "15")
# What docker says (any client, any daemon), what it means, and what to do about it.
_KNOWN_REFUSALS = (
    (
        ("permission denied while trying to connect", "dial unix /var/run/docker.sock: connect: permission denied"),
        "this user may not talk to the Docker daemon",
        "type: sudo usermod -aG docker $USER, then log out and in again",
    ),
    (
        ("cannot connect to the docker daemon", "is the docker daemon running", "error during connect"),
        "the Docker daemon does not answer",
        "type: labctl setup (it starts the daemon; on macOS and Windows start Docker Desktop)",
    ),
    (
        ("no space left on device",),
        _DISK_FULL,
        "free some space (docker system df shows what Docker holds), then run the same command again",
    ),
    (
        ("port is already allocated", "address already in use"),
        "a port that the lab wants is taken",
        "type: labctl up again: it replaces ports that are taken",
    ),
    (
        ("non-overlapping ipv4 address pool", "predefined address pools have been fully subnetted"),
        "Docker has no address range left for another network",
        "remove networks that nothing uses: docker network prune",
    ),
)


@dataclass(frozen=True)
class Container:
    """One container of a lab, running or not."""

    id: str
    name: str
    project: str
    service: str
    image: str
    state: str
    """Docker's word: created, running, paused, restarting, removing, exited, dead."""

    @property
    def running(self) -> bool:
        """Whether its processes run."""
        return self.state == "running"


@dataclass(frozen=True)
class Docker:
    """The docker client found on PATH, or at `binary`."""

    binary: str = "docker"
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to the environment of every call."""

    def attempt(
        self, *args: str, stdin: str | bytes | None = None, timeout: float = 60, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `docker ARGS`, whatever its exit code; EngineError when it can't run or takes over `timeout` s."""
        return invoke([self.binary, *args], stdin=stdin, timeout=timeout, cwd=cwd, env=self.env)

    def run(self, *args: str, stdin: str | bytes | None = None, timeout: float = 60, cwd: Path | None = None) -> str:
        """Return what `docker ARGS` prints; EngineError with docker's own message when it fails."""
        done = self.attempt(*args, stdin=stdin, timeout=timeout, cwd=cwd)
        if done.returncode:
            raise refusal(f"docker {args[0]}", done.stderr or done.stdout)
        return done.stdout

    def containers(self, project: str, service: str | None = None) -> list[Container]:
        """Every container of the compose project, or of one of its services, stopped ones too, oldest first."""
        wanted = ["--filter", f"label={PROJECT_LABEL}={project}"]
        if service:
            wanted += ["--filter", f"label={SERVICE_LABEL}={service}"]
        columns = (".ID", ".Names", f'.Label "{PROJECT_LABEL}"', f'.Label "{SERVICE_LABEL}"', ".Image", ".State")
        table = "\t".join("{{" + column + "}}" for column in columns)
        lines = self.run("ps", "--all", "--no-trunc", "--format", table, *wanted).splitlines()
        return [Container(*line.split("\t")) for line in reversed(lines)]

    def inspect(self, *names: str, kind: str = "container") -> list[dict[str, Any]]:
        """Return what docker knows of each container (or image, network, volume); EngineError for a missing one."""
        if not names:
            return []
        answer: list[dict[str, Any]] = json.loads(self.run("inspect", "--type", kind, *names))
        return answer

    def exec(self, container: str, *command: str, stdin: str | None = None, user: str = "", timeout: float = 60) -> str:
        """Return what `command` prints in a running container; EngineError when it fails."""
        options = (["--interactive"] if stdin is not None else []) + (["--user", user] if user else [])
        return self.run("exec", *options, container, *command, stdin=stdin, timeout=timeout)

    def logs(self, container: str, tail: int = 50) -> str:
        """Return the last `tail` lines that the container wrote, standard error and output together."""
        done = self.attempt("logs", "--tail", str(tail), container)
        if done.returncode:
            raise refusal("docker logs", done.stderr)
        return done.stdout + done.stderr

    def stop(self, *containers: str, grace: int = 10) -> None:
        """Ask the containers to stop; kill them after `grace` seconds."""
        if containers:
            self.run("stop", "-t", str(grace), *containers, timeout=grace + 60)

    def remove(self, *containers: str) -> None:
        """Remove containers, running or not, with their anonymous volumes."""
        if containers:
            self.run("rm", "--force", "--volumes", *containers)

    def image_id(self, name: str) -> str | None:
        """Return the id of the image with this tag (or tag and digest), or None where it is not on this machine."""
        done = self.attempt("inspect", "--type", "image", "--format", "{{.Id}}", name)
        if done.returncode and "no such" not in done.stderr.lower():
            raise refusal("docker inspect", done.stderr)
        return done.stdout.strip() or None


def invoke(
    command: Sequence[str],
    *,
    stdin: str | bytes | None = None,
    timeout: float = 60,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    gently: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command line, whatever its exit code; EngineError when it is missing or takes over `timeout` seconds.

    `gently`: at a low priority. To the kernel, one program on the host weighs as much as all containers together: a
    command that changes a lab would slow the lab down.
    """
    program = Path(command[0]).name
    data = stdin.encode() if isinstance(stdin, str) else stdin
    try:
        done = subprocess.run(
            [*(_NICE if gently and _are_here(_NICE[0], command[0]) else ()), *docker_group.command_line(command)],
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            timeout=timeout,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            # Only docker's clients: a daemon that labctl starts would hold the inherited lock for ever.
            pass_fds=orphans.inherited() if program in _CLIENTS else (),
            check=False,
        )
    except (FileNotFoundError, PermissionError) as error:
        raise EngineError(f"{program} can't be run: {error.strerror}", todo="type: labctl setup") from error
    except subprocess.TimeoutExpired as error:
        spoken = " ".join([program, *command[1:3]])
        raise EngineError(
            f"'{spoken}' did not answer within {timeout:.0f} s", todo="look at the Docker daemon: docker info"
        ) from error
    out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def _are_here(*programs: str) -> bool:
    return all(shutil.which(program) for program in programs)


def refusal(what: str, message: str) -> LabctlError:
    """Return the error for a command that failed: docker's own message, and what to do where that is known.

    A full disk is the host's error, anything else the engine's.
    """
    text = message.strip()
    for phrases, meaning, todo in _KNOWN_REFUSALS:
        if any(phrase in text.lower() for phrase in phrases):
            kind = HostError if meaning == _DISK_FULL else EngineError
            return kind(meaning, expected=f"{what} said: {_last_lines(text)}", todo=todo)
    return EngineError(f"{what} failed: {_last_lines(text) or 'no message'}")


def _last_lines(text: str, count: int = 5) -> str:
    return "\n".join([line for line in text.splitlines() if line.strip()][-count:])
