"""A made-up host: control groups of both versions and a /proc, in a temporary folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ID = "0123456789abcdef" * 4
NET_DEV = """\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier
    lo: 9999    99    9    9    0     0          0         0     9999    99    9    9    0     0       0          0
  eth0: 1000      10    1    2    0     0          0         0      2000     20    3    4    0     0       0          0
  eth1:   50       5    0    0    0     0          0         0      60       6    0    0    0     0       0          0
"""
SNMP = """\
Ip: Forwarding DefaultTTL
Ip: 1 64
Tcp: RtoAlgorithm MaxConn ActiveOpens RetransSegs InErrs
Tcp: 1 -1 12 34 0
"""
VERSION_1 = {
    "cpuacct/cpuacct.usage": "12500000000\n",
    "cpu/cpu.stat": "nr_periods 100\nnr_throttled 7\nthrottled_time 2500000000\n",
    "cpu/cpu.cfs_quota_us": "50000\n",
    "cpu/cpu.cfs_period_us": "100000\n",
    "memory/memory.usage_in_bytes": "5000\n",
    "memory/memory.limit_in_bytes": "67108864\n",
    "memory/memory.stat": "cache 1\ntotal_rss 3000\ntotal_inactive_file 1200\n",
    "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
    "memory/cgroup.procs": "11\n12\n",
}
VERSION_2 = {
    "cpu.stat": "usage_usec 12500000\nuser_usec 1\nnr_periods 100\nnr_throttled 7\nthrottled_usec 2500000\n",
    "cpu.max": "50000 100000\n",
    "memory.current": "5000\n",
    "memory.max": "67108864\n",
    "memory.stat": "anon 3000\ninactive_file 1200\nworkingset_refault_anon 0\n",
    "memory.events": "low 0\nhigh 0\nmax 3\noom 2\noom_kill 2\n",
    "cgroup.procs": "11\n12\n",
}


@dataclass(frozen=True)
class Host:
    """Where the made-up files are."""

    cgroup: Path
    proc: Path

    def version_1(self, changed: Mapping[str, str] = {}, *, parent: str = "docker/") -> None:
        for name, text in {**VERSION_1, **changed}.items():
            controller, _, file = name.partition("/")
            self._write(self.cgroup / controller / f"{parent}{ID}" / file, text)

    def version_2(self, changed: Mapping[str, str] = {}) -> Path:
        self._write(self.cgroup / "cgroup.controllers", "cpu memory pids\n")
        group = self.cgroup / "system.slice" / f"docker-{ID}.scope"
        for name, text in {**VERSION_2, **changed}.items():
            self._write(group / name, text)
        return group

    def process(self, pid: int, start: int, name: str = "gunicorn") -> None:
        fields = ["S", *("0" for _ in range(18)), str(start), "0", "0"]
        self._write(self.proc / str(pid) / "stat", f"{pid} ({name}) {' '.join(fields)}\n")
        self._write(self.proc / str(pid) / "net" / "dev", NET_DEV)
        self._write(self.proc / str(pid) / "net" / "snmp", SNMP)

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    made = Host(tmp_path / "cgroup", tmp_path / "proc")
    made.cgroup.mkdir()
    made.proc.mkdir()
    (made.proc / "stat").write_text("cpu 1 2 3\nbtime 1700000000\nprocesses 5\n")
    return made


@pytest.fixture
def container_id() -> str:
    return ID
