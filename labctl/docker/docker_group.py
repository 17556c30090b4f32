"""Talk to Docker as a member of the group `docker` in the very session in which the user joined it.

A process keeps the groups that it was started with: without this, a user who was just added would have to log in again.
"""

from __future__ import annotations

import getpass
import grp
import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

GROUP = "docker"
_CLIENTS = frozenset({"docker", "docker-compose"})


def command_line(command: Sequence[str]) -> list[str]:
    """Return the command as it has to be run: through `sg` when this user joined the group after logging in."""
    if Path(command[0]).name in _CLIENTS and joined_late():
        return ["sg", GROUP, "-c", shlex.join(command)]
    return list(command)


def is_member() -> bool:
    """Whether the user is in the group, in this session or the next."""
    try:
        return getpass.getuser() in grp.getgrnam(GROUP).gr_mem
    except (KeyError, OSError):
        return False


def joined_late() -> bool:
    """Whether the user joined the group after this session began: the session itself has no right to the daemon."""
    if os.geteuid() == 0 or not is_member() or shutil.which("sg") is None:
        return False
    return grp.getgrnam(GROUP).gr_gid not in {os.getegid(), *os.getgroups()}
