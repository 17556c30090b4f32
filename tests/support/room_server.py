"""A process that serves a room over HTTP: `python -m tests.support.room_server FOLDER`, for terminals elsewhere.

It prints its address, then a one-time code for each line that it reads.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from labctl.actions import status
from labctl.operate import background
from labctl.room.app import create_app
from labctl.room.identity import ByCookie
from tests.support.catalogue import use_only
from tests.support.example_fault import EXAMPLE
from tests.support.http_server import serving
from tests.support.room_world import PREFIX, SECRET, Browser, make_browser


def main(folder: Path) -> None:
    """Serve until the input ends."""
    os.environ["LABCTL_STATE_DIR"] = str(folder / "state")
    with pytest.MonkeyPatch.context() as patch, serving() as telemetry:
        browser = make_browser(folder, patch, telemetry, inside=False)
        patch.setattr(background, "start", lambda _name, _kind=None: None)
        patch.setattr(status, "_readings", lambda _lab, _incident: [])
        # What is made up is never broken: it would count as healed, and the incident as given up.
        patch.setattr("labctl.play.ending.still_broken", lambda _lab, _incident: True)
        use_only(patch, EXAMPLE)
        _serve(browser)


def _serve(browser: Browser) -> None:
    identity = ByCookie(SECRET, f"{PREFIX}/", "room")
    server = make_server("127.0.0.1", 0, create_app("lab", PREFIX, identity), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.port}{PREFIX}/\n")
    sys.stdout.flush()
    for line in sys.stdin:
        if line.strip() == "looked":
            sys.stdout.write(" ".join(browser.looked_up) + "\n")
        else:
            sys.stdout.write(browser.lab.store.room.mint() + "\n")
        sys.stdout.flush()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
