"""Hosts of Docker's on one machine: each a daemon with namespaces of its own for network, mounts, processes and name.

Whoever kills the first process of a host's namespace kills all that runs on it, containers too, as a host does that
loses its power.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from labctl.base.errors import HostError
from labctl.base.waiting import wait_until

PROGRAMS = ("dockerd", "containerd", "docker", "ip", "nsenter", "unshare", "mount", "curl")
READY_S = 120.0
# /run is the host's own: the socket that a container mounts is that of its own daemon.
_BOOT = """
set -e
hostname {name}
mount --bind {folder}/run /run
mount --bind {folder}/run /var/run 2>/dev/null || true
mkdir -p /run/lock
exec dockerd --config-file {folder}/daemon.json --data-root {folder}/data --exec-root /run/docker \
    --pidfile /run/docker.pid -H unix:///run/docker.sock > {folder}/dockerd.log 2>&1
"""


@dataclass
class Host:
    """One host: `address` is its own on the wire between the two."""

    name: str
    address: str
    folder: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def docker(self) -> str:
        """Where its daemon answers, as in DOCKER_HOST."""
        return f"unix://{self.folder}/run/docker.sock"

    @property
    def namespace(self) -> str:
        """The name of its network namespace."""
        return f"labctl-{self.name}"

    def start(self) -> None:
        """Start its daemon, and wait until it answers. Raises WaitTimeoutError with the end of its log."""
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        (self.folder / "run").mkdir(parents=True)
        (self.folder / "daemon.json").write_text("{}")
        boot = _BOOT.format(name=self.name, folder=self.folder)
        own = (
            "unshare",
            "--mount",
            "--uts",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "--propagation",
            "private",
        )
        self._process = subprocess.Popen(
            [*self.inside, *own, "sh", "-c", boot], stdin=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(
            lambda: self.run("docker", "info", check=False).returncode == 0,
            what=f"an answer of {self.name}'s Docker",
            timeout=READY_S,
            describe=self._log,
        )

    def kill(self) -> None:
        """Kill all that runs on it, at once; harmless twice."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()

    @property
    def inside(self) -> tuple[str, ...]:
        """What makes a command run on its network."""
        return ("nsenter", f"--net=/run/netns/{self.namespace}")

    def environment(self) -> dict[str, str]:
        """Return the environment of a command that is to talk to its daemon."""
        return {**os.environ, "DOCKER_HOST": self.docker}

    def run(self, *command: str, check: bool = True, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run a command on its network, with its daemon."""
        return subprocess.run(
            [*self.inside, *command],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=check,
        )

    def _log(self) -> str:
        path = self.folder / "dockerd.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-8:]) if path.exists() else "it wrote no log"


@dataclass
class Pair:
    """Two hosts on one wire."""

    folder: Path
    first: Host = field(init=False)
    second: Host = field(init=False)

    def __post_init__(self) -> None:
        self.first = Host("host-1", "10.213.7.1", self.folder / "host-1")
        self.second = Host("host-2", "10.213.7.2", self.folder / "host-2")

    def start(self) -> None:
        """Lay the wire, and start both. Raises HostError where this machine can't."""
        require()
        self._unplug()
        for each in (self.first, self.second):
            _ip("netns", "add", each.namespace)
            _ip("-n", each.namespace, "link", "set", "lo", "up")
        _ip("link", "add", "labctl-w1", "type", "veth", "peer", "name", "labctl-w2")
        for each, end in ((self.first, "labctl-w1"), (self.second, "labctl-w2")):
            _ip("link", "set", end, "netns", each.namespace)
            _ip("-n", each.namespace, "addr", "add", f"{each.address}/24", "dev", end)
            _ip("-n", each.namespace, "link", "set", end, "up")
            # Docker looks for networks that are free by the routes that there are.
            _ip("-n", each.namespace, "route", "add", "default", "dev", end)
        for each in (self.first, self.second):
            each.start()

    def stop(self) -> None:
        """Kill both, and remove all that they had."""
        for each in (self.first, self.second):
            each.kill()
        self._unplug()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _unplug(self) -> None:
        for each in (self.first, self.second):
            subprocess.run(["ip", "netns", "del", each.namespace], capture_output=True, check=False)


def require() -> None:
    """Raise HostError unless this machine can have such hosts."""
    if os.geteuid() != 0:
        raise HostError("this user can make no namespaces", expected="root", todo="run it as root")
    missing = [each for each in PROGRAMS if shutil.which(each) is None]
    if missing:
        raise HostError(
            f"not here: {', '.join(missing)}",
            expected="Docker, curl, iproute2 and util-linux",
            todo="install what is missing",
        )


def _ip(*command: str) -> None:
    done = subprocess.run(["ip", *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise HostError(
            f"ip {' '.join(command)} failed: {done.stderr.strip()}",
            expected="a kernel with network namespaces and veth, and the right to make them",
        )
