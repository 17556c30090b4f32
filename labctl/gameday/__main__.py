"""python -m labctl.gameday NAME: be the hub of a game day until it is over."""

from __future__ import annotations

import sys

from labctl.actions import processes
from labctl.base.errors import EXIT_ERROR, LabctlError
from labctl.gameday import plan as plans
from labctl.gameday.store import DayStore


def main(name: str) -> None:
    """Serve the hub; end at once where another process does."""
    store = DayStore.open(name)
    with processes.only_one(name, processes.HUB) as alone:
        if alone:
            from labctl.gameday.server import Server  # noqa: PLC0415 - the process that loses the race needs none of it

            Server(store, plans.from_document(store.get("plan") or {})).run()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except LabctlError as problem:
        sys.stderr.write(f"error: {problem.what}\n")
        sys.exit(EXIT_ERROR)
