"""`labctl`, and `python -m labctl`: the command line, or the fault whose file keeps it from starting.

Every command knows the catalogue. A mistake in one of its files, which somebody is just writing, is theirs to mend, and
no bug.
"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path

from labctl.base import console
from labctl.base.errors import EXIT_INTERRUPTED, LabctlError
from labctl.catalogue.fault_errors import broken

PACKAGE = Path(__file__).parents[1] / "faults"


def main() -> None:
    """Run the command line."""
    try:
        with redirect_stdout(sys.stderr):  # whatever a file prints is no answer
            from labctl.cli.cli import main as run  # noqa: PLC0415 - imports the catalogue
    except LabctlError as problem:
        _end(problem)
    except KeyboardInterrupt:
        console.note("interrupted")
        sys.exit(EXIT_INTERRUPTED)
    except (Exception, SystemExit) as error:
        problem_of_file = broken(PACKAGE, error)
        if problem_of_file is None:
            raise
        _end(problem_of_file)
    else:
        run()


def _end(problem: LabctlError) -> None:
    console.error(problem)
    sys.exit(problem.exit_code)


if __name__ == "__main__":
    main()
