"""Runs the command line and catches every exception: each way in which a command can end has its own exit code."""

from __future__ import annotations

import os
import sys

from labctl.base import progress
from labctl.base.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_READER_GONE, CancelledError, LabctlError
from labctl.base.progress import Event
from labctl.cli.cli import program
from labctl.cli.endings import CtrlCError, ReaderGoneError


class _Terminal:
    """Imports the terminal only for the first event: the import takes longer than many commands."""

    def __init__(self) -> None:
        self._shown: progress.Listener | None = None

    def __call__(self, event: Event) -> None:
        if self._shown is None:
            from labctl.cli.terminal import Terminal  # noqa: PLC0415 - as said above

            self._shown = Terminal()
        self._shown(event)


def main() -> None:
    """Run the command line."""
    try:
        with progress.listening(_Terminal()):
            program()()
    except CancelledError as cancelled:
        sys.stderr.write(f"interrupted: {cancelled.what}\n")
        sys.exit(cancelled.exit_code)
    except LabctlError as problem:
        _tell(problem)
        sys.exit(problem.exit_code)
    except (CtrlCError, KeyboardInterrupt):
        sys.stderr.write("interrupted\n")
        sys.exit(EXIT_INTERRUPTED)
    except ReaderGoneError:
        # The reader has ended (`labctl logs | head`): Python must not write to the closed pipe at exit, either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_READER_GONE)
    except Exception as bug:
        from labctl.base import bug_report  # noqa: PLC0415 - hardly ever needed

        _tell(bug_report.write(bug))
        sys.exit(EXIT_BUG)


def _tell(problem: LabctlError) -> None:
    from labctl.cli import console  # noqa: PLC0415 - rich takes longer to import than many a command

    console.error(problem)
