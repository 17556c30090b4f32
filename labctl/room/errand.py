"""python -m labctl.room.errand LAB: do what somebody in the room asked the lab for, and end."""

from __future__ import annotations

import sys

from labctl.actions import errand

if __name__ == "__main__":
    errand.run(sys.argv[1])
