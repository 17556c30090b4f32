"""Install Debian and Ubuntu packages, where this user may."""

from __future__ import annotations

import os
import shutil

from labctl.base.errors import EngineError
from labctl.docker.docker import invoke

INSTALL_TIMEOUT = 900.0


def root_prefix() -> list[str] | None:
    """Return what to put before a command to run it as root: nothing, `sudo -n`, or None when this user may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and invoke(["sudo", "-n", "true"], timeout=10).returncode == 0:
        return ["sudo", "-n"]
    return None


def can_install() -> bool:
    """Whether this is a machine with apt and a user who may install packages without being asked for a password."""
    return shutil.which("apt-get") is not None and root_prefix() is not None


def available(package: str) -> bool:
    """Whether the package lists of this machine have the package."""
    return bool(invoke(["apt-cache", "show", "--no-all-versions", package]).stdout.strip())


def refresh() -> None:
    """Fetch the package lists. Raises EngineError with apt's own message."""
    _as_root("apt-get", "update", "-qq")


def install(*packages: str) -> None:
    """Install packages from the distribution, without recommended ones. Raises EngineError with apt's own message."""
    _as_root("apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages)


def install_command(*packages: str) -> str:
    """Return what a person would type to install the packages."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install {' '.join(packages)}"


def _as_root(*command: str) -> None:
    prefix = root_prefix()
    if prefix is None:
        raise EngineError(f"{' '.join(command)} needs root", todo=f"type: sudo {' '.join(command)}")
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_SUSPEND=1"]
    done = invoke([*prefix, *quiet, *command], timeout=INSTALL_TIMEOUT)
    if done.returncode:
        message = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise EngineError(
            f"{' '.join(command)} failed: " + "\n".join(message), todo=f"type: sudo {' '.join(command)}, and see why"
        )
