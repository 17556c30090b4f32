"""Where a command works: on a lab of this machine, or, while somebody is logged in elsewhere, on the lab there.

Every command passes here, by the table of `cli.py`; the commands themselves know nothing of it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from labctl.base.errors import InputError, LabStateError
from labctl.base.names import DEFAULT_NAME

if TYPE_CHECKING:
    from labctl.state.login import Login

ELSEWHERE = frozenset({
    *("changes", "debrief", "diff", "give_up", "hypothesis", "leaderboard", "logs", "lookups", "mcp", "metrics"),
    *("mitigate", "note", "page", "postmortem", "runbook", "sql", "status", "submit", "topology", "trace", "traces"),
    *("try_", "update", "vocabulary"),
})  # fmt: skip
"""The modules of the commands that work on a lab elsewhere, too."""
NO_LAB = frozenset({
    *("doctor", "faults", "faults_check", "faults_new", "gameday", "host", "login", "logout", "ls", "setup"),
    "whoami",
})  # fmt: skip
"""Those that are about this machine and its labs as a whole, or about the login itself."""


def through(module: str, words: str, command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that works where it should; `words` are what is typed."""

    @functools.wraps(command)
    def run(*args: object, **options: object) -> None:
        with _where(module, words, options.get("name")):
            command(*args, **options)

    return run


@contextmanager
def _where(module: str, words: str, name: object) -> Iterator[None]:
    from labctl.state import login  # noqa: PLC0415 - --help asks for none of it

    there = None if module in NO_LAB else login.present()
    if there is None:
        yield
        return
    if module not in ELSEWHERE:
        raise LabStateError(
            f"`labctl {words}` works on labs of this machine, and you are logged in to {there.url}",
            expected="a command that works there, too: look-ups, notes, mitigate, submit, debrief",
            todo=f"`LABCTL_REMOTE=off labctl {words} …` does it here; `labctl logout` leads back here",
        )
    _require_its_lab(there, name)
    from labctl.actions import elsewhere  # noqa: PLC0415 - whoever is logged in nowhere needs neither
    from labctl.actions.remote_room import RemoteRoom  # noqa: PLC0415 - as above

    with elsewhere.asking(RemoteRoom(there)):
        yield


def _require_its_lab(there: Login, name: object) -> None:
    if name not in (None, DEFAULT_NAME, there.lab):
        raise InputError(
            f"'{name}' would be a lab of this machine, and you are logged in to {there.url}",
            expected="no --name, and no LABCTL_NAME",
            todo="leave it out; or set LABCTL_REMOTE=off to work here, or `labctl logout`",
        )
