"""A lab's containers: bring them up in order, take them down, replace one while the others go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from labctl.base import paths
from labctl.base.errors import LabctlError, NotFoundError
from labctl.base.shared_files import make_shared_dir, write_shared
from labctl.docker import compose, helper, readiness
from labctl.docker.compose import Compose
from labctl.docker.docker import PROJECT_LABEL, Container, Docker
from labctl.docker.redis_server import RedisServer
from labctl.images import images
from labctl.lab import cpu_share, own_network
from labctl.model import services
from labctl.model.services import STARTS_FIRST, STARTS_LAST, RollOut
from labctl.state import settings

REDIS, GATEWAY = "redis", "gateway"
STOP_GRACE = 12
STARTERS = 4
MOUNTED = ("run", "clients", "processor", "flags", "fog")
"""The folders of a lab that its containers read."""


@dataclass(frozen=True)
class Stack:
    """One compose project. `lab_dir` holds lab.env (ports, credentials, load), config/*.env, and MOUNTED."""

    project: str
    lab_dir: Path
    bundle: Path = field(default_factory=paths.bundle_root)
    docker: Docker = field(default_factory=Docker)

    def up(self, progress: Callable[[str], None] = lambda _: None) -> None:
        """Create and start the containers that are missing, changed or stopped; return when the gateway answers.

        Raises EngineError when Docker refuses, WaitTimeoutError (with logs) when the gateway does not get ready.
        """
        self._write_containers()
        progress("creating containers")
        self._compose(self._files(), "up", "--no-start", "--remove-orphans")
        progress("starting containers")
        self._start(sorted(self.ps(), key=_start_order))
        progress("waiting for the gateway")
        readiness.wait_for(self.docker, self.container(GATEWAY))
        progress("serving")

    def down(self) -> None:
        """Remove containers, network and volumes by the project's label; harmless when there is nothing left."""
        helper.remove(self.docker, self.project)
        self.docker.remove(*(each.id for each in self.ps()))
        if found := self.docker.networks(self._label):
            self.docker.run("network", "rm", *found)
        self.remove_volumes()

    def remove_volumes(self) -> None:
        """Remove the volumes, which no container may use any more; harmless when there are none."""
        if found := self.docker.volumes(self._label):
            self.docker.run("volume", "rm", *found)

    @property
    def _label(self) -> str:
        return f"{PROJECT_LABEL}={self.project}"

    def ps(self, service: str | None = None) -> list[Container]:
        """Return the lab's containers, or those of one service, running or not, oldest first."""
        return self.docker.containers(self.project, service)

    def container(self, service: str) -> Container:
        """Return the newest container of a service. Raises NotFoundError when there is none."""
        found = self.ps(service)
        if not found:
            raise NotFoundError("container of service", service, {each.service for each in self.ps()})
        return found[-1]

    def logs(self, service: str, tail: int = 50) -> str:
        """Return the last lines that the service's newest container wrote. Raises NotFoundError."""
        return self.docker.logs(self.container(service).id, tail)

    def rollout(self, service: str) -> None:
        """Replace a service's container by one with the present configuration and version; return when it serves.

        Stateless services don't stop serving: the new container starts beside the old one, which leaves when the new
        one is ready. A new one that does not get ready is removed, the old one stays, and the error says why:
        EngineError or WaitTimeoutError. Redis takes its settings over while it runs; other services are stopped and
        started.
        """
        how = services.known(service).roll_out
        if how is RollOut.WHILE_RUNNING:
            self.redis().apply(settings.parse((self.lab_dir / "config" / "redis.env").read_text(encoding="utf-8")))
        elif how is RollOut.IN_PLACE:
            self._in_place(service)
        elif services.known(service).published:
            # A host port has one owner. A stand-in without it serves the lab's network while the port changes hands,
            # so that only callers on the host see a gap.
            self._beside(service, self._files(published=False))
            self._beside(service, self._files())
        else:
            self._beside(service, self._files())

    def restart(self, service: str) -> None:
        """Restart a service's containers; return when they serve. Raises EngineError, WaitTimeoutError."""
        found = self.ps(service)
        self.docker.run("restart", "-t", str(STOP_GRACE), *(each.id for each in found), timeout=STOP_GRACE + 60)
        self._write_containers()
        for each in self.ps(service):
            readiness.wait_for(self.docker, each)

    def mend(self, service: str) -> None:
        """Leave one running container of a service, after a command that replaces containers was killed."""
        found = self.ps(service)
        if len(found) > 1:
            self.rollout(service)
        elif found and not found[0].running:
            self._start(found)
            readiness.wait_for(self.docker, found[0])

    def redis(self) -> RedisServer:
        """Return the lab's Redis. Raises NotFoundError when it has no container."""
        return RedisServer(self.docker, self.container(REDIS).id)

    def _in_place(self, service: str) -> None:
        self._compose(self._files(), "up", "--detach", "--no-deps", service)
        self._write_containers()
        readiness.wait_for(self.docker, self.container(service))

    def _beside(self, service: str, files: Sequence[Path]) -> None:
        """Start a container of the service beside those that are there, then remove those."""
        old = {each.id for each in self.ps(service)}
        scale = f"{service}={len(old) + 1}"
        try:
            self._compose(files, "up", "--detach", "--no-deps", "--no-recreate", "--scale", scale, service)
            self._write_containers()
            for each in self.ps(service):
                if each.id not in old:
                    readiness.wait_for(self.docker, each)
        except LabctlError:
            self.docker.remove(*(each.id for each in self.ps(service) if each.id not in old))
            self._write_containers()
            raise
        self.docker.stop(*old, grace=STOP_GRACE)
        self.docker.remove(*old)
        self._write_containers()

    def _start(self, containers: Sequence[Container]) -> None:
        """Start the containers that don't run, some at a time: each takes the daemon a third of a second."""
        waiting = [each.id for each in containers if not each.running]
        with ThreadPoolExecutor(STARTERS, thread_name_prefix="start") as pool:
            list(pool.map(lambda one: self.docker.run("start", one), waiting))
        self._write_containers()

    def _files(self, *, published: bool = True) -> list[Path]:
        names = ["lab.yml", *(["ports.yml"] if published else [])]
        if self._has_grafana:
            names.append("grafana.yml")
        own = (self.lab_dir / cpu_share.FILE_NAME, self.lab_dir / own_network.FILE_NAME)
        return [*(self.bundle / "compose" / name for name in names), *(each for each in own if each.exists())]

    @cached_property
    def _has_grafana(self) -> bool:
        lab = settings.parse((self.lab_dir / "lab.env").read_text(encoding="utf-8"))
        return lab.get(settings.GRAFANA) != settings.OFF and self.docker.image_id(images.GRAFANA) is not None

    @cached_property
    def _program(self) -> Compose:
        return compose.preferred(self.docker)

    def _compose(self, files: Sequence[Path], *args: str) -> None:
        for folder in MOUNTED:
            make_shared_dir(self.lab_dir / folder)
        self._program.run(self.project, files, *args, env=self._settings())

    def _settings(self) -> dict[str, str]:
        """Return the values of the compose files' variables; lab.env may name another release of a service."""
        shipped = images.Images(self.bundle, self.docker)
        versions = {f"{service.upper()}_VERSION": version for service, version in shipped.versions().items()}
        tags = {f"{service.upper()}_TAG": tag for service, tag in shipped.tags().items()}
        lab = settings.parse((self.lab_dir / "lab.env").read_text(encoding="utf-8"))
        # An older labctl's lab.env names a release's version only: its image has that for a tag.
        of_old = {name.replace("_VERSION", "_TAG"): lab[name] for name in versions if name in lab}
        return {**versions, **tags, **of_old, **lab, "LAB_DIR": str(self.lab_dir), "BUNDLE_DIR": str(self.bundle)}

    def _write_containers(self) -> None:
        """Tell the container `containers` which containers are ours; the file is replaced at once."""
        known = [{"id": each.id, "service": each.service} for each in self.ps() if services.known(each.service).ours]
        listed = json.dumps({"project": self.project, "containers": known})
        write_shared(self.lab_dir / "run" / "containers.json", listed)


def _start_order(container: Container) -> int:
    if container.service in STARTS_FIRST:
        return STARTS_FIRST.index(container.service)
    return len(STARTS_FIRST) + (container.service == STARTS_LAST)
