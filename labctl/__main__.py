"""`labctl`, and `python -m labctl`."""

from __future__ import annotations

from labctl.cli.main import main

if __name__ == "__main__":
    main()
