"""`labctl`, and `python -m labctl`: the command line, or the fault whose file keeps it from starting.

Every command knows the catalogue. A mistake in one of its files, which somebody is just writing, is theirs to mend, and
no bug.
"""

from __future__ import annotations

import sys
from pathlib import Path

from labctl import console
from labctl.errors import LabctlError
from labctl.fault_errors import broken

PACKAGE = Path(__file__).parents[1] / "faults"


def main() -> None:
    """Run the command line."""
    try:
        from labctl.cli import main as run  # noqa: PLC0415 - imports the catalogue
    except LabctlError as problem:
        _end(problem)
    except Exception as error:
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
