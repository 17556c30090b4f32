"""Docker's engine and compose: find them, install them where they are missing, start the daemon where it is stopped."""

from __future__ import annotations

import getpass
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from labctl.base.errors import EngineError, WaitTimeoutError
from labctl.base.waiting import wait_until
from labctl.docker import apt, builder, compose, docker_group
from labctl.docker.docker import Docker, invoke

Tell = Callable[[str], None]

# The first one that the distribution has is installed: Ubuntu has a separate name for compose v2, Debian has not.
_COMPOSE_PACKAGES = ("docker-compose-v2", "docker-compose")
_BUILDKIT_PACKAGE = "docker-buildx"
# Debian 13 splits the client off; without iptables no network, without certificates no registry.
_ENGINE_PACKAGES = ("docker.io", "docker-cli", "iptables", "ca-certificates")
_SYSTEMD = Path("/run/systemd/system")
_DAEMON = "dockerd"
# A user's own PATH often lacks these folders.
_SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")
DAEMON_LOG = "/var/log/dockerd.log"
DAEMON_TIMEOUT = 40.0
INIT_TIMEOUT = 8.0
DESKTOP = "install Docker Desktop (https://docs.docker.com/desktop/), start it, and run the same command again"


@dataclass(frozen=True)
class Engine:
    """What the lab runs on."""

    docker: str
    """The daemon's version."""
    compose: str
    """The compose program and its version."""
    changes: tuple[str, ...] = ()
    """What had to be installed or started."""


def ensure(docker: Docker | None = None, tell: Tell = lambda _: None) -> Engine:
    """Return an engine that answers, having installed and started what was missing, and nothing else.

    Raises EngineError, with what to type, where this user or this system can't.
    """
    docker = docker or Docker()
    changes = [*_ensure_client(docker, tell), *_ensure_daemon(docker, tell)]
    found = compose.find(docker)
    if found is None:
        changes.append(_install("compose", _COMPOSE_PACKAGES, tell, first_only=True))
        found = compose.require(docker)
    changes += _ensure_buildkit(docker, tell)
    return Engine(docker.server_version(), f"{' '.join(found.command)} {found.version}", tuple(changes))


def _ensure_buildkit(docker: Docker, tell: Tell) -> Iterator[str]:
    """Install BuildKit's plug-in where the distribution has it; without it Docker's deprecated builder is used."""
    if not builder.find(docker).buildkit and apt.can_install() and apt.available(_BUILDKIT_PACKAGE):
        tell(f"installing {_BUILDKIT_PACKAGE}")
        apt.install(_BUILDKIT_PACKAGE)
        yield f"installed {_BUILDKIT_PACKAGE}"


def _ensure_client(docker: Docker, tell: Tell) -> Iterator[str]:
    if shutil.which(docker.binary) is None:
        yield _install("Docker", _ENGINE_PACKAGES, tell)


def _install(what: str, packages: tuple[str, ...], tell: Tell, *, first_only: bool = False) -> str:
    if not apt.can_install():
        raise EngineError(f"{what} is not installed", expected="Docker's engine and compose", todo=_by_hand())
    tell("fetching package lists")
    apt.refresh()
    there = [package for package in packages if apt.available(package)]
    chosen = there[:1] if first_only else there
    if not chosen:
        raise EngineError(
            f"this distribution has no package for {what}", todo="see https://docs.docker.com/engine/install/"
        )
    tell(f"installing {' '.join(chosen)}")
    apt.install(*chosen)
    return f"installed {' '.join(chosen)}"


def _by_hand() -> str:
    if platform.system() != "Linux":
        return DESKTOP
    if shutil.which("apt-get"):
        return f"type: {apt.install_command('docker.io', 'docker-compose')} (on Ubuntu: docker-compose-v2)"
    return "install it as https://docs.docker.com/engine/install/ says"


def _ensure_daemon(docker: Docker, tell: Tell) -> Iterator[str]:
    yield from _ensure_running(docker, tell)
    if not _answers(docker):
        raise _not_allowed()


def _ensure_running(docker: Docker, tell: Tell) -> Iterator[str]:
    if _refused(docker):
        yield _join_group()
    if _answers(docker):
        return
    if os.environ.get("DOCKER_HOST"):
        raise EngineError(f"no Docker daemon answers at DOCKER_HOST={os.environ['DOCKER_HOST']}", todo="start it there")
    if platform.system() != "Linux":
        raise EngineError("the Docker daemon does not answer", todo="start Docker Desktop and wait until it is ready")
    if shutil.which(_DAEMON, path=os.pathsep.join((os.environ.get("PATH", ""), *_SBIN))) is None:
        # There is only the client, as in many development images.
        yield _install("Docker's daemon", _ENGINE_PACKAGES, tell)
        if _answers(docker):
            return
    prefix = apt.root_prefix()
    if prefix is None:
        raise EngineError("the Docker daemon does not run", todo="type: sudo systemctl start docker")
    tell("starting the Docker daemon")
    yield f"started the Docker daemon ({_start(docker, prefix)})"
    if _refused(docker):
        yield _join_group()


def _version(docker: Docker) -> CompletedProcess[str]:
    # By the command line, not the SDK: this room makes sure of both, and what installs or starts something needs this.
    return docker.attempt("version", "--format", "{{.Server.Version}}", timeout=30)


def _answers(docker: Docker) -> bool:
    """Whether the daemon answers this user."""
    return _version(docker).returncode == 0


def _refused(docker: Docker) -> bool:
    """Whether the daemon runs, but does not talk to this user."""
    return "permission denied" in _version(docker).stderr.lower()


def _join_group() -> str:
    """Put this user into the group that may talk to the daemon. Raises EngineError where labctl may not do that."""
    prefix = apt.root_prefix()
    if not prefix or docker_group.is_member():
        raise _not_allowed()
    user = getpass.getuser()
    done = invoke([*prefix, "usermod", "--append", "--groups", docker_group.GROUP, user])
    if done.returncode:
        raise _not_allowed()
    return f"put {user} into the group {docker_group.GROUP}"


def _not_allowed() -> EngineError:
    return EngineError(
        "this user may not talk to the Docker daemon",
        todo="type: sudo usermod -aG docker $USER, then log out and in again",
    )


def _start(docker: Docker, prefix: list[str]) -> str:
    """Start the daemon by systemd, the init script or `dockerd` itself; return which of them it was."""
    # Where neither systemd nor the init script gets it running, the daemon starts by itself as well.
    direct = ["sh", "-c", f"setsid dockerd >>{DAEMON_LOG} 2>&1 </dev/null &"]
    ways = [("systemd", ["systemctl", "start", "docker"])] if _SYSTEMD.is_dir() else []
    ways += [("init script", ["service", "docker", "start"])]
    for name, command in ways:
        if invoke([*prefix, *command], timeout=60).returncode == 0 and _wait(docker, INIT_TIMEOUT):
            return name
    invoke([*prefix, *direct], timeout=30)
    if not _wait(docker, DAEMON_TIMEOUT):
        raise EngineError(
            "the Docker daemon does not start", todo=f"see why: tail {DAEMON_LOG}, or journalctl -u docker"
        )
    return "dockerd"


def _wait(docker: Docker, timeout: float) -> bool:
    try:
        return wait_until(
            lambda: _answers(docker) or _refused(docker), what="the Docker daemon answering", timeout=timeout
        )
    except WaitTimeoutError:
        return False
