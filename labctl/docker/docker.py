"""Docker, typed: questions go to the daemon by its SDK, everything that changes something by the command line.

What the command line starts holds labctl's lock as long as it runs; a question needs none. Refusals are EngineErrors.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Network
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from labctl.base import orphans
from labctl.base.errors import EngineError
from labctl.docker import daemon, docker_group
from labctl.docker.refusals import no_answer, refusal

if TYPE_CHECKING:
    from docker import APIClient

Answer = TypeVar("Answer")

PROJECT_LABEL = "com.docker.compose.project"
SERVICE_LABEL = "com.docker.compose.service"

_CLIENTS = ("docker", "docker-compose")
_NICE = ("nice", "-n", "15")


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
    """The docker client found on PATH, or at `binary`, and the daemon that it talks to."""

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
        labels = [f"{PROJECT_LABEL}={project}", *([f"{SERVICE_LABEL}={service}"] if service else [])]
        return [_container(row) for row in reversed(self._listed(*labels))]

    def projects(self) -> set[str]:
        """Return the compose projects that have containers, running or not."""
        return {row["Labels"][PROJECT_LABEL] for row in self._listed(PROJECT_LABEL)}

    def ids(self, label: str) -> list[str]:
        """Return the ids of the containers with a label ("name" or "name=value"), running or not."""
        return [row["Id"] for row in self._listed(label)]

    def networks(self, label: str) -> list[str]:
        """Return the ids of the networks with a label."""
        return [
            each["Id"] for each in self._ask("network ls", lambda daemon: daemon.networks(filters={"label": label}))
        ]

    def subnets(self) -> list[IPv4Network]:
        """Return the IPv4 subnets of all networks."""
        found = self._ask("network ls", lambda daemon: daemon.networks())
        configured = [part for each in found for part in (each.get("IPAM") or {}).get("Config") or ()]
        return [IPv4Network(part["Subnet"]) for part in configured if ":" not in part.get("Subnet", ":")]

    def volumes(self, label: str) -> list[str]:
        """Return the names of the volumes with a label."""
        found = self._ask("volume ls", lambda daemon: daemon.volumes(filters={"label": label}))
        return [each["Name"] for each in found["Volumes"] or ()]

    def images(self, pattern: str) -> dict[str, str]:
        """Map the tags that match a pattern such as "labctl/*" to the ids of their images."""
        found = self._ask("images", lambda daemon: daemon.images(filters={"reference": pattern}))
        return {tag: each["Id"] for each in found for tag in each["RepoTags"] or ()}

    def image_id(self, name: str) -> str | None:
        """Return the id of the image with this tag (or tag and digest), or None where it is not on this machine."""
        return self._ask("inspect", partial(_image_id, name))

    def images_in_use(self) -> set[str]:
        """Return the images of all containers that compose made, running or not, by tag and by id."""
        return {row[key] for row in self._listed(PROJECT_LABEL) for key in ("Image", "ImageID") if key in row}

    def remove_images(self, *tags: str) -> list[str]:
        """Remove images by tag; return those that are still here, as a container uses them. Raises EngineError."""
        if tags:
            self.attempt("rmi", *tags)
        return [tag for tag in tags if self.image_id(tag)]

    def statistics(self, container: str) -> dict[str, Any] | None:
        """Return what a container uses, in Docker's own form, after a second; None for one that is gone."""
        return self._ask("stats", partial(_statistics, container))

    def inspect(self, *names: str) -> list[dict[str, Any]]:
        """Return what docker knows of each container; EngineError for a missing one."""
        return [self._ask("inspect", partial(_document, name)) for name in names]

    def logs(self, container: str, tail: int = 50) -> str:
        """Return the last `tail` lines that the container wrote, standard error and output together."""
        written = self._ask("logs", lambda daemon: daemon.logs(container, tail=tail))
        return written.decode(errors="replace")

    def server_version(self, timeout: int = 60) -> str:
        """Return the daemon's version."""
        return str(self._ask("version", lambda daemon: daemon.version(api_version=False), timeout)["Version"])

    def data_folder(self) -> Path:
        """Return the folder that the daemon keeps everything in."""
        return Path(self._ask("info", lambda daemon: daemon.info())["DockerRootDir"])

    def machine(self) -> tuple[int, int]:
        """Return the cores and the bytes of memory of the machine that containers run on."""
        told = self._ask("info", lambda daemon: daemon.info())
        return int(told["NCPU"]), int(told["MemTotal"])

    def _listed(self, *labels: str) -> list[dict[str, Any]]:
        """Return the containers with all of the labels, running or not, newest first."""
        wanted = {"label": list(labels)}
        return self._ask("ps", lambda daemon: daemon.containers(all=True, filters=wanted))

    def _ask(self, what: str, question: Callable[[APIClient], Answer], timeout: int = 60) -> Answer:
        return daemon.ask(f"docker {what}", question, binary=self.binary, timeout=timeout)

    def exec(self, container: str, *command: str, stdin: str | None = None, user: str = "", timeout: float = 60) -> str:
        """Return what `command` prints in a running container; EngineError when it fails."""
        options = (["--interactive"] if stdin is not None else []) + (["--user", user] if user else [])
        return self.run("exec", *options, container, *command, stdin=stdin, timeout=timeout)

    def stop(self, *containers: str, grace: int = 10) -> None:
        """Ask the containers to stop; kill them after `grace` seconds."""
        if containers:
            self.run("stop", "-t", str(grace), *containers, timeout=grace + 60)

    def remove(self, *containers: str) -> None:
        """Remove containers, running or not, with their anonymous volumes."""
        if containers:
            self.run("rm", "--force", "--volumes", *containers)


def _container(row: dict[str, Any]) -> Container:
    labels = row["Labels"]
    # A container that others link to has a name for each of them too, with a slash in it.
    name = next(each for each in (given.removeprefix("/") for given in row["Names"]) if "/" not in each)
    service = labels.get(SERVICE_LABEL, "")
    return Container(row["Id"], name, labels[PROJECT_LABEL], service, row["Image"], row["State"])


def _document(name: str, daemon: APIClient) -> dict[str, Any]:
    return dict(daemon.inspect_container(name))


def _statistics(name: str, daemon: APIClient) -> dict[str, Any] | None:
    from docker.errors import NotFound  # noqa: PLC0415 - imported only where the daemon is asked

    try:
        return dict(daemon.stats(name, stream=False))
    except NotFound:
        return None


def _image_id(name: str, daemon: APIClient) -> str | None:
    from docker.errors import NotFound  # noqa: PLC0415 - imported only where the daemon is asked

    try:
        return str(daemon.inspect_image(name)["Id"])  # type: ignore[no-untyped-call]  # its stub lacks types
    except NotFound:
        return None


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
        raise no_answer(" ".join([program, *command[1:3]]), timeout) from error
    out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def _are_here(*programs: str) -> bool:
    return all(shutil.which(program) for program in programs)
