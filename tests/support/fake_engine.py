"""A Docker command line and a compose that change what a FakeDaemon says is there, and can be told to fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from labctl.base.errors import EngineError
from labctl.docker.docker import Container, Docker
from tests.support.fake_daemon import FakeDaemon


@dataclass(frozen=True)
class FakeDocker(Docker):
    """Changes what a daemon says is there. `dying` services end as soon as they start; `deaf` ones never answer."""

    daemon: FakeDaemon = field(default_factory=FakeDaemon)
    events: list[str] = field(default_factory=list)
    dying: set[str] = field(default_factory=set)
    deaf: set[str] = field(default_factory=set)

    @property
    def known(self) -> dict[str, Container]:
        return self.daemon.containers

    def add(self, project: str, service: str, state: str = "created") -> Container:
        number = len(self.events)
        one = Container(f"id{number}", f"{project}-{service}-{number}", project, service, f"labctl/{service}:1", state)
        self.known[one.id] = one
        self.events.append(f"create {service}")
        return one

    def start(self, container: str) -> None:
        one = self.known[container]
        self.known[container] = replace(one, state="restarting" if one.service in self.dying else "running")
        self.events.append(f"start {one.service}")

    def run(self, *args: str, **_: Any) -> str:
        if args[0] == "start":
            self.start(args[1])
        elif args[0] in ("pause", "unpause"):
            for each in args[1:]:
                self._freeze(each, args[0])
        elif args[0] == "kill":
            self.events.extend(f"{args[1]} {self.known[each].service}" for each in args[2:])
        else:
            self.events.append(" ".join(args))
        return ""

    def attempt(self, *args: str, **_: Any) -> CompletedProcess[str]:
        assert args[0] == "exec"
        service = self.known[args[1]].service
        self.events.append(f"ask {service}")
        return CompletedProcess(args, int(service in self.deaf), "", "")

    def stop(self, *containers: str, grace: int = 10) -> None:
        for each in containers:
            self.events.append(f"stop {self.known[each].service}")
            self.known[each] = replace(self.known[each], state="exited")

    def _freeze(self, container: str, how: str) -> None:
        """Refuse, as Docker does, what is frozen already, or is not."""
        before, after = ("running", "paused") if how == "pause" else ("paused", "running")
        if self.known[container].state != before:
            raise EngineError(f"docker {how} refused {self.known[container].state}")
        self.known[container] = replace(self.known[container], state=after)
        self.events.append(f"{how} {self.known[container].service}")

    def remove(self, *containers: str) -> None:
        for each in containers:
            self.events.append(f"remove {self.known.pop(each).service}")


@dataclass
class FakeCompose:
    """Creates containers in a FakeDocker, as compose does: it only knows `up`."""

    docker: FakeDocker
    services: Sequence[str]
    calls: list[tuple[str, ...]] = field(default_factory=list)
    files: list[list[str]] = field(default_factory=list)
    env: Mapping[str, str] = field(default_factory=dict)
    refuses: bool = False

    def run(self, project: str, files: Sequence[Path], *args: str, env: Mapping[str, str], timeout: float = 0) -> str:
        self.calls.append(args)
        self.files.append([file.name for file in files])
        self.env = env
        named = [args[-1]] if args[-1] in self.services else self.services
        for service in named:
            self._up(project, service, args)
        if self.refuses:
            raise EngineError("compose up failed: no such image")
        return ""

    def _up(self, project: str, service: str, args: tuple[str, ...]) -> None:
        there = self.docker.containers(project, service)
        wanted = int(args[args.index("--scale") + 1].split("=")[1]) if "--scale" in args else 1
        if "--no-deps" in args and "--no-recreate" not in args:
            self.docker.remove(*(each.id for each in there))
            there = []
        for _ in range(wanted - len(there)):
            one = self.docker.add(project, service)
            if "--detach" in args:
                self.docker.start(one.id)
