"""A lab with everything real (files, SQLite, locks) but its containers and its Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import repeat
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.private_files import make_private_dir
from labctl.docker.docker import Container
from labctl.docker.redis_server import RedisServer
from labctl.images.images import Images
from labctl.lab import freezing
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.cpu import in_use
from labctl.model.merchant_import import MerchantImport
from labctl.state import settings
from labctl.state.settings import ConfigurationFiles
from labctl.state.store import LabRecord, Ports
from tests.support.fake_host import FakeHost
from tests.support.fake_metrics import FakeMetrics

RISK_ENV = "# How long features are fresh.\nFEATURE_CACHE_TTL_SECONDS=3600\n\nDB_POOL_MAX=3\n"
PAYMENTS_ENV = "RISK_TIMEOUT_MS=200\nDB_POOL_MAX=8\n"
REDIS_ENV = "MAXMEMORY=48mb\nMAXMEMORY_POLICY=volatile-lru\n"
SHIPPED = paths.bundle_root() / "compose" / "config"
CORES_IN_USE = 0.04
ACQUIRER_ENV = "DETOUR_RATIO=0\nREFUSED_SCHEMES=\n"


SERVICES = ("gateway", "prometheus", "postgres", "clients")


@dataclass
class FakeStack:
    """Remembers what was asked of it; fails when told to."""

    project: str = "labctl-lab"
    rollouts: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    fails_with: BaseException | None = None
    fails_times: int = 10**6
    docker: FakeHost = field(default_factory=FakeHost)
    emptied: int = 0
    """How often its volumes were removed."""

    def rollout(self, service: str) -> None:
        self.rollouts.append(service)
        self._fail()

    def container(self, service: str) -> Container:
        """Every service of a lab that runs has one."""
        if not self.ps(service):
            self.containers.append(make_container(service, self.project))
        return self.ps(service)[-1]

    def redis(self) -> RedisServer:
        return RedisServer(self.docker, self.container("redis").id)

    def up(self, progress: Callable[[str], None]) -> None:
        self.calls.append("up")
        progress("creating containers")
        self._fail()
        self.containers = [make_container(each, self.project) for each in SERVICES]

    def down(self) -> None:
        self.calls.append("down")
        self._fail()
        self.containers = []

    def remove_volumes(self) -> None:
        self.emptied += 1

    def restart(self, service: str) -> None:
        self.calls.append(f"restart {service}")
        self._fail()

    def mend(self, service: str) -> None:
        self.calls.append(f"mend {service}")

    def ps(self, service: str | None = None) -> list[Container]:
        return [each for each in self.containers if service in (None, each.service)]

    def _fail(self) -> None:
        if self.fails_with and self.fails_times > 0:
            self.fails_times -= 1
            raise self.fails_with


def make_container(service: str, project: str = "labctl-lab", state: str = "running", *, number: int = 1) -> Container:
    name = f"{project}_{service}_{number}"
    return Container(
        f"id-{service}" + (f"-{number}" if number > 1 else ""), name, project, service, f"labctl/{service}:1.0.0", state
    )


def frozen_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Freeze and thaw containers in memory; return what is done."""
    done: list[str] = []

    def freeze(stack: FakeStack) -> None:
        done.append("freeze")
        stack.containers = [replace(each, state="paused") for each in stack.containers]

    def thaw(stack: FakeStack, frozen_s: float) -> None:
        assert frozen_s >= 0
        done.append("thaw")
        stack.container("gateway")
        stack.containers = [replace(each, state="running") for each in stack.containers]

    monkeypatch.setattr(freezing, "freeze", freeze)
    monkeypatch.setattr(freezing, "thaw", thaw)
    return done


def make_record(name: str = "lab", rps: float = 20.0) -> LabRecord:
    ports = Ports(gateway=20000, prometheus=20001, telemetry=20002, postgres=20003, grafana=20004)
    return LabRecord(name, f"labctl-{name}", ports, "127.0.0.1", rps, 1, 1_000_000.0, "running")


def _laid_over(text: str, shipped: str) -> str:
    """Return the text with those of the shipped settings that it lacks: every setting there is can be changed."""
    own = settings.parse(text)
    return text + settings.render({key: value for key, value in settings.parse(shipped).items() if key not in own})


def _rows_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a merchant bring as many payments as ever, each of them the first one: nobody here looks at the others."""
    lines = MerchantImport.lines
    monkeypatch.setattr(MerchantImport, "lines", lambda self, now: repeat(next(lines(self, now)), self.payments))


def make_lab(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    """Make a lab in the test's state directory, configured from small files over the shipped ones."""
    defaults = tmp_path / "defaults"
    defaults.mkdir(exist_ok=True)
    small = {"risk": RISK_ENV, "payments": PAYMENTS_ENV, "redis": REDIS_ENV, "acquirer": ACQUIRER_ENV}
    for shipped in SHIPPED.glob("*.env"):
        (defaults / shipped.name).write_text(_laid_over(small.get(shipped.stem, ""), shipped.read_text("utf-8")))
    lab = Lab(name)
    make_private_dir(lab.folder)
    lab.files = ConfigurationFiles(lab.folder / "config", defaults)
    lab.files.prepare()
    lab.store.prepare()
    lab.store.save(make_record(name))
    stack = FakeStack()
    monkeypatch.setitem(lab.__dict__, "stack", stack)
    _rows_alike(monkeypatch)
    monkeypatch.setattr(Images, "build_service", lambda *_: None)
    monkeypatch.setattr(Images, "ensure_service", lambda *_: None)
    monkeypatch.setitem(lab.__dict__, "metrics", FakeMetrics({in_use("risk"): lambda _: CORES_IN_USE}))
    return lab, stack
