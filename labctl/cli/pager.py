"""Whether the answer goes to a pager (`labctl logs | less`), on whose screen hints would land."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

PAGERS = frozenset({"less", "more", "most", "bat", "batcat", "lv", "moor", "moar", "ov", "view", "vim", "nvim", "w3m"})
_PROCESSES = Path("/proc")


def reads_the_answer() -> bool:
    """Whether standard output is a pipe, and a pager is at work in the same pipeline.

    A shell gives all programs of a pipeline one process group. Where processes can't be listed, every pipe counts.
    """
    if not _is_pipe():
        return False
    return not _PROCESSES.is_dir() or any(name in PAGERS for name in _pipeline())


def _is_pipe() -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):  # no file behind it, as in a test
        return False


def _pipeline() -> Iterator[str]:
    """Yield the names of the programs in this process's group."""
    own = str(os.getpgrp())
    for folder in _PROCESSES.iterdir():
        if folder.name.isdigit():
            name, group = _name_and_group(folder)
            if group == own:
                yield name


def _name_and_group(folder: Path) -> tuple[str, str]:
    try:
        text = (folder / "stat").read_text("utf-8", "replace")
    except OSError:
        return "", ""  # it has ended
    # PID (NAME) STATE PARENT GROUP …, where the name may have blanks and brackets.
    head, _, tail = text.rpartition(")")
    return head.partition("(")[2], tail.split()[2]
