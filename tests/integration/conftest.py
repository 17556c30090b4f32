"""Real labs for the tests: one that all of them share, and others that a test makes for itself.

Their state lies in a folder of its own, the same one each time: what an aborted run left behind is used again.
"""

from __future__ import annotations

import getpass
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labctl import paths, steady_state
from labctl.lab import Lab
from labctl.launch import bring_up
from labctl.plan import Wish
from labctl.teardown import tear_down

SHARED = "ci"
SHARED_RPS = 20.0
OTHER_RPS = 5.0


@pytest.fixture(scope="session")
def lab_state() -> Iterator[Path]:
    """The state folder of the tests' labs, in the environment too: for subprocesses."""
    with pytest.MonkeyPatch.context() as patch:
        if paths.STATE_DIR_VARIABLE not in os.environ:
            folder = Path(tempfile.gettempdir()) / f"labctl-tests-{getpass.getuser()}"
            patch.setenv(paths.STATE_DIR_VARIABLE, str(folder))
        patch.delenv("LABCTL_NAME", raising=False)
        yield paths.state_root()


@pytest.fixture(scope="session")
def _shared_lab(lab_state: Path) -> Iterator[Lab]:
    try:
        yield bring_up(SHARED, Wish(rps=SHARED_RPS)).lab
    finally:
        tear_down(SHARED)


@pytest.fixture
def running_lab(_shared_lab: Lab) -> Lab:
    """The lab that all tests share, whatever its state."""
    return _shared_lab


@pytest.fixture
def lab(_shared_lab: Lab) -> Lab:
    """The lab that all tests share, in its steady state."""
    steady_state.wait(_shared_lab.metrics, _shared_lab.rps)
    return _shared_lab


@pytest.fixture
def make_lab(lab_state: Path) -> Iterator[Callable[[str], Lab]]:
    """Bring up another lab by name, at a small rate; it is taken down after the test."""
    made: list[str] = []

    def make(name: str) -> Lab:
        made.append(name)
        return bring_up(name, Wish(rps=OTHER_RPS)).lab

    yield make
    for name in made:
        tear_down(name)
