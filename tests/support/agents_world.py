"""A process that serves a world to an agent: `python -m tests.support.agents_world FOLDER`, its incident just paged."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from labctl.cli.agents.server import serve
from labctl.operate import background
from labctl.play import incidents
from tests.support.world import make_world


def main(folder: Path) -> None:
    """Serve the lab of a new world in the folder until the client goes away."""
    with pytest.MonkeyPatch.context() as patch:
        world = make_world(folder, patch)
        patch.setattr(background, "start", lambda _name: None)
        incidents.start(world.lab, world.fault())
        serve(world.lab.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
