"""The machine on which figures were measured: without it, a figure means nothing."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from labctl.base.errors import EngineError, HostError
from labctl.docker.docker import Docker

MEMINFO = Path("/proc/meminfo")
OS_RELEASE = Path("/etc/os-release")


def describe(docker: Docker | None = None) -> dict[str, str | int]:
    """Return cores, memory in MB, system, kernel, and the versions of Docker and Python."""
    return {
        "cores": os.cpu_count() or 1,
        "memory_mb": memory_mb(),
        "system": system(),
        "kernel": platform.release(),
        "architecture": platform.machine(),
        "docker": docker_version(docker or Docker()),
        "python": platform.python_version(),
    }


def memory_mb(meminfo: Path = MEMINFO) -> int:
    """Return the machine's memory in MB; 0 where the system doesn't say."""
    if not meminfo.exists():
        return 0
    total = next((line for line in meminfo.read_text().splitlines() if line.startswith("MemTotal:")), "MemTotal: 0 kB")
    return int(total.split()[1]) // 1024


def system(os_release: Path = OS_RELEASE) -> str:
    """Return the distribution's name, or the operating system's."""
    lines = os_release.read_text().splitlines() if os_release.exists() else []
    named = (line.partition("=")[2].strip('"') for line in lines if line.startswith("PRETTY_NAME="))
    return next(named, platform.system())


def docker_version(docker: Docker) -> str:
    """Return the daemon's version; "unknown" where it doesn't answer."""
    try:
        return docker.server_version(timeout=10)
    except (EngineError, HostError):
        return "unknown"
