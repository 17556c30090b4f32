"""Every error that a user can meet, and the exit code that says whose fault it is.

    LabctlError                  exit 1   the lab's or the user's: what failed, what was expected, what to do next
    ├── NotFoundError            exit 1   a name that doesn't exist; says the nearest that does
    ├── LabStateError            exit 1   the lab is not in the state that the command needs
    │   └── LabHeldError         exit 1   another command holds the lab
    ├── SickLabError             exit 1   the lab is not in its steady state
    ├── HealError                exit 1   a fault could not be healed; never swallowed
    ├── WaitTimeoutError         exit 1   labctl waited for a state, and the time ran out
    ├── EngineError              exit 1   Docker or compose: missing, stopped, or it refused
    │   └── SubnetTakenError     exit 1   another network has the subnet that was asked for
    ├── HostError                exit 1   the host: ports, disk, memory, permissions
    ├── LookupFailedError        exit 1   a query that the lab's telemetry or database refused
    ├── CatalogueError           exit 1   a fault file that does not hold together
    ├── RemoteError              exit 1   the room elsewhere that one is logged in to: away, unknown, of another version
    ├── InputError               exit 2   usage: a value that no lab would accept
    └── CancelledError           exit 130 Ctrl-C, after which the command took back what it had done

Anything else that reaches the top is a bug: exit 3, with a report to paste. Ctrl-C is 130,
a reader that went away 141.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

EXIT_ERROR = 1
EXIT_USAGE = 2
EXIT_BUG = 3
EXIT_INTERRUPTED = 130
EXIT_READER_GONE = 141
"""What a shell reports when SIGPIPE ended a program, such as `labctl logs | head`: cut short, but no failure."""


class LabctlError(Exception):
    """What failed, what was expected, and what to do next."""

    exit_code = EXIT_ERROR

    def __init__(self, what: str, *, expected: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.todo = todo


class LabStateError(LabctlError):
    """The lab is not in the state that the command needs."""


class LabHeldError(LabStateError):
    """Another command holds the lab: one at a time changes it."""


class SickLabError(LabctlError):
    """The lab is not in its steady state."""


class HealError(LabctlError):
    """A fault could not be healed."""


class WaitTimeoutError(LabctlError):
    """The deadline passed before the expected state came."""


class EngineError(LabctlError):
    """Docker or compose is missing, stopped, or refused what was asked."""


class SubnetTakenError(EngineError):
    """Another network, of Docker's or of its machine's, has the subnet that was asked for."""


class HostError(LabctlError):
    """The host lacks what a lab needs: ports, disk, memory, permissions."""


class LookupFailedError(LabctlError):
    """The lab's telemetry or database refused a query; `what` carries the server's own message."""

    position: int | None = None
    """The character of what was asked, from 1, that the server complains of; None where it does not say."""


class RemoteError(LabctlError):
    """The room elsewhere that somebody is logged in to is away, does not let them in, or is of another version."""


class CatalogueError(LabctlError):
    """A fault file does not hold together; `what` names the file and the field."""


class InputError(LabctlError):
    """A value that no lab would accept."""

    exit_code = EXIT_USAGE


class CancelledError(LabctlError):
    """The user pressed Ctrl-C, and the command has taken back what it had done; `what` says so."""

    exit_code = EXIT_INTERRUPTED


NEAR, NEARLY = 0.4, 0.85
"""How like a name has to be to be suggested; and one that is not to be told to somebody who doesn't nearly know it."""


class NotFoundError(LabctlError):
    """A name that doesn't exist, with the nearest one that does."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, todo: str = "", secret: bool = False) -> None:
        """Say which name is meant, or which are known; `secret` names are not listed, and hardly suggested."""
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1, cutoff=NEARLY if secret else NEAR)
        listed = "a whole name" if secret else f"known: {', '.join(names) or 'none'}"
        expected = f"did you mean '{near[0]}'?" if near else listed
        super().__init__(f"no {kind} named '{name}'", expected=expected, todo=todo)
        self.near = near[0] if near else None
