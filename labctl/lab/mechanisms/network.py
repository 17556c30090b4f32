"""The network: packets dropped between two services, by the kernel's packet filter in the first one's network.

A helper container joins the network for a moment to set the filter: this works wherever Docker does, on a host without
iptables and in Docker Desktop's virtual machine alike, and nothing is added to the services' images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from labctl.docker import helper
from labctl.images.images import TOOLS
from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.state.undo_log import Entry

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
class Network(Mechanism):
    """The packet filters of the lab's containers.

    An undo entry has the loss and, by container, for which start of it and which address of the peer its rules hold.
    """

    name: ClassVar[str] = "network"

    def lose(self, service: str, peer: str, share: float) -> None:
        """Lose this share (0 to 1) of the packets between two services, in each direction; the feed gets no entry.

        Raises EngineError, NotFoundError for a service without a container.
        """
        container = self.stack.container(service).id
        self.stack.container(peer)
        address = self._address(peer)
        self._note(service, {"containers": self._made_for([container], address), "peer": peer, "share": share})
        self._filter(container, address, share)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Remove the rules. A container made since then has none, unless `reapply` set them there as well."""
        touched = {each for entry in entries for each in entry.before["containers"]}
        for service in dict.fromkeys(entry.subject for entry in entries):
            for each in self.stack.ps(service):
                if each.running and each.id in touched:
                    self._run(each.id, CLEAR)

    def settle(self) -> None:
        """End a helper that a killed command left running."""
        helper.remove(self.stack.docker, self.stack.project)

    def lost(self) -> list[str]:
        """Return the containers without valid rules: made or restarted since then, or the peer's address changed."""
        return [each for entry in self._active().values() for each in self._new(entry)]

    def reapply(self) -> None:
        """Set the rules in the containers that `lost` returns, too."""
        for entry in self._active().values():
            new = self._new(entry)
            if new:
                self.log.amend(entry, {**entry.before, "containers": {**entry.before["containers"], **new}})
            for each in new:
                self._filter(each, self._address(entry.before["peer"]), entry.before["share"])

    def _new(self, entry: Entry) -> dict[str, str]:
        running = [each.id for each in self.stack.ps(entry.subject) if each.running]
        now = self._made_for(running, self._address(entry.before["peer"]))
        return {each: made_for for each, made_for in now.items() if entry.before["containers"].get(each) != made_for}

    def _filter(self, container: str, address: str, share: float) -> None:
        self._run(container, f"{CLEAR} && {LOSE}", address, f"{share:g}")

    def _made_for(self, containers: Sequence[str], address: str) -> dict[str, str]:
        """Return what each container's rules hold for: its network since it started, and the peer's address."""
        found = self.stack.docker.inspect(*containers)
        started = (document["State"]["StartedAt"] for document in found)
        return {each: f"{since} {address}" for each, since in zip(containers, started, strict=True)}

    def _address(self, service: str) -> str:
        """Return the address of a service's container in the lab's network."""
        inspected: dict[str, Any] = self.stack.docker.inspect(self.stack.container(service).id)[0]
        networks: dict[str, dict[str, str]] = inspected["NetworkSettings"]["Networks"]
        return next(iter(networks.values()))["IPAddress"]

    def _run(self, container: str, script: str, *arguments: str) -> None:
        joined = ["--network", f"container:{container}", "--cap-drop", "ALL", "--cap-add", "NET_ADMIN"]
        bounded = ["--cap-add", "NET_RAW", "--read-only", "--tmpfs", "/run", "--memory", "64m", "--pids-limit", "32"]
        command = ["sh", "-c", f"{PROGRAM}; {script}", "sh", *arguments]
        helper.run(self.stack.docker, self.stack.project, [*joined, *bounded], IMAGE, *command)
