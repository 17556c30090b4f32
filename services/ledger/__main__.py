"""python -m services.ledger: work until SIGTERM or SIGINT, finish what is in hand, close everything."""

from __future__ import annotations

import os
import signal

from services.common import lifecycle, process
from services.common.settings import Settings
from services.ledger import wiring


def main() -> None:
    """Run the worker."""
    settings = Settings(os.environ)
    identity = process.start("ledger", os.environ)
    try:
        parts = wiring.connect(settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: parts.worker.stop())
        wiring.serve_health(identity, parts, settings)
        parts.worker.run()
    finally:
        lifecycle.shutdown()


if __name__ == "__main__":
    main()
