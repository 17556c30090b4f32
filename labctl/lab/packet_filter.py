"""Packets dropped between one service and another, by the kernel's packet filter in the first one's network.

The filter is reached through a helper container that joins the network for a moment: this works wherever Docker does,
on a host without iptables and in Docker Desktop's virtual machine alike, and nothing is added to the services' images.
"""

from __future__ import annotations

from dataclasses import dataclass

from labctl.docker.docker import Docker
from labctl.images.images import TOOLS
from labctl.lab.stack import Stack
from labctl.state.state import LabStore

IMAGE = f"labctl/network:{TOOLS['network']}"
# Kernels have one of two tables, or both: the first that takes a listing is used, always the same one.
PROGRAM = 'for i in iptables-nft iptables-legacy; do if $i -S >/dev/null 2>&1; then break; fi; done; run="$i -w 5"'
# A container's own table is empty; ours are the only rules that a chance decides. A listing that fails, or that still
# has one of them, is no success.
CLEAR = (
    "rules=$($run -S) && printf '%s\\n' \"$rules\" | sed -n 's/^-A \\(.* statistic .*\\)$/-D \\1/p'"
    " | while read -r rule; do $run $rule || exit 1; done && rules=$($run -S)"
    " && case $rules in *' statistic '*) echo 'rules stay' >&2; exit 1;; esac"
)
_DROP = '$run -A %s %s "$1" -m statistic --mode random --probability "$2" -j DROP'
LOSE = f"{_DROP % ('INPUT', '-s')} && {_DROP % ('OUTPUT', '-d')}"


@dataclass(frozen=True)
class PacketFilter:
    """The packet filters of one lab's containers; which were touched is written down before they are."""

    stack: Stack
    store: LabStore

    def lose(self, service: str, peer: str, share: float) -> None:
        """Drop this share (0 to 1) of the packets between a service and its peer, each way.

        Raises EngineError, NotFoundError for a service without a container.
        """
        container = self.stack.container(service).id
        address = _address(self.stack.docker, self.stack.container(peer).id)
        touched = (self.store.get(_key(service)) or {}).get("containers", [])
        self.store.set(_key(service), {"containers": sorted({*touched, container})})
        self._run(container, f"{CLEAR} && {LOSE}", address, f"{share:g}")

    def restore(self, service: str) -> bool:
        """Drop nothing any more; whether anything had been dropped. A container made since then has no rules."""
        touched = (self.store.get(_key(service)) or {}).get("containers", [])
        running = {each.id for each in self.stack.ps(service) if each.running}
        for container in running.intersection(touched):
            self._run(container, CLEAR)
        self.store.unset(_key(service))
        return bool(touched)

    def _run(self, container: str, script: str, *arguments: str) -> None:
        joined = ["--network", f"container:{container}", "--cap-drop", "ALL", "--cap-add", "NET_ADMIN"]
        bounded = ["--cap-add", "NET_RAW", "--read-only", "--tmpfs", "/run", "--memory", "64m", "--pids-limit", "32"]
        command = ["sh", "-c", f"{PROGRAM}; {script}", "sh", *arguments]
        self.stack.docker.run("run", "--rm", *joined, *bounded, IMAGE, *command)


def _address(docker: Docker, container: str) -> str:
    """Return the address of a container in the lab's network."""
    (document,) = docker.inspect(container)
    networks: dict[str, dict[str, str]] = document["NetworkSettings"]["Networks"]
    return next(iter(networks.values()))["IPAddress"]


def _key(service: str) -> str:
    return f"filter:{service}"
