"""Real labs for the tests: one that all of them share, and others that a test makes for itself.

With `pytest -n 2` there are two of the shared ones, a worker each. Which of them runs a test makes no difference. Files
marked `small` get a small load, which leaves the CPU to the other labs.

Their state lies in a folder of its own, the same one each time: what an aborted run left behind is used again. Where
that state is gone, what it described is removed: containers outlive a killed run, and start again with Docker.
Names hold the user's id, so that this never meets another user's run.
"""

from __future__ import annotations

import getpass
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labctl.base import paths
from labctl.base.errors import LookupFailedError
from labctl.base.names import PROJECT_PREFIX
from labctl.base.waiting import wait_until
from labctl.docker.docker import Docker
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.operate import background
from labctl.operate.launch import bring_up
from labctl.operate.plan import LabOptions
from labctl.operate.teardown import tear_down
from labctl.play.director import opening
from tests.support.mending import mend

SHARED = f"ci{os.getuid()}{os.environ.get('PYTEST_XDIST_WORKER', '')}"
SHARED_RPS = 20.0
SMALL_RPS = 5.0
SEED = 1
"""The same requests in every run."""
CALM_S = 10.0
CALIBRATIONS = pytest.StashKey[list[str]]()
CALIBRATION = "calibration"
"""The same of one worker, on its way to the process that reports."""
ORDER = (
    # Of the small ones, first that which needs no healthy lab at all: other work goes on beside it (scripts/test.sh).
    *("test_killed_injections", "test_lab_lifecycle", "test_lookups"),
    *("test_risk_features", "test_published_ports", "test_alert_rules"),
    # The longest first: of two labs, none is to be left with much when the other has done.
    *("test_verify", "test_speeds", "test_no_leak", "test_incident_loop"),
    *("test_mechanisms", "test_logbook", "test_fog", "test_mitigations", "test_director", "test_rollout"),
    *(
        "test_healing",
        "test_releases",
        "test_ledger",
        "test_fingerprint",
        "test_payments_semantics",
        "test_agents",
        "test_dashboards",
    ),
    "test_telemetry_api",  # last: it shows that nothing was lost, whatever the others did
)
"""The files in their order, others after them.

Only how long a run takes depends on the order: each test waits for what it needs.
"""


@pytest.fixture(scope="session")
def lab_state() -> Iterator[Path]:
    """The state folder of the tests' labs, in the environment too: for subprocesses."""
    with pytest.MonkeyPatch.context() as patch:
        if paths.STATE_DIR_VARIABLE not in os.environ:
            folder = Path(tempfile.gettempdir()) / f"labctl-tests-{getpass.getuser()}"
            patch.setenv(paths.STATE_DIR_VARIABLE, str(folder))
        patch.delenv("LABCTL_NAME", raising=False)
        yield paths.state_root()


def left_behind() -> list[str]:
    """The labs of these tests that have containers and no state."""
    names = {each.removeprefix(PROJECT_PREFIX) for each in Docker().projects() if each.startswith(PROJECT_PREFIX)}
    return sorted(each for each in names if each.partition("-")[0] == SHARED and each not in paths.lab_names())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the tests of this folder into ORDER, behind all others."""

    def place(item: pytest.Item) -> int:
        if item.path.parent != Path(__file__).parent:
            return -1
        return ORDER.index(item.path.stem) if item.path.stem in ORDER else len(ORDER)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what a worker measured."""
    del error
    if measured := getattr(node, "workeroutput", {}).get(CALIBRATION):
        node.config.stash.setdefault(CALIBRATIONS, []).append(measured)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how fast the machine was: what failed or passed did so on a machine like this one."""
    for measured in config.stash.get(CALIBRATIONS, []):
        terminalreporter.write_line(f"what things cost here (labctl/lab/calibration.py): {measured}")


def keep_calibration(config: pytest.Config, measured: str) -> None:
    """Keep what a lab's host was measured at for the summary, which another process may print."""
    if hasattr(config, "workeroutput"):
        config.workeroutput[CALIBRATION] = measured
    else:
        config.stash[CALIBRATIONS] = [measured]


@pytest.fixture(scope="session")
def _seen_to(lab_state: Path) -> Iterator[list[Lab]]:
    """The lab that all tests share, once one of them has needed it; nothing of it is left when all is done."""
    for name in left_behind():
        tear_down(name)
    try:
        yield []
    finally:
        tear_down(SHARED)


@pytest.fixture(scope="module")
def _shared_lab(_seen_to: list[Lab], request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Lab:
    """The lab that all tests share, at the load of this file."""
    rps = SMALL_RPS if request.node.get_closest_marker("small") else SHARED_RPS
    if not _seen_to or _seen_to[-1].rps != rps:
        _seen_to.append(bring_up(SHARED, LabOptions(rps=rps, seed=SEED)).lab)
        keep_calibration(pytestconfig, str(_seen_to[-1].record.calibration))
    return _seen_to[-1]


@pytest.fixture
def running_lab(_shared_lab: Lab) -> Lab:
    """The lab that all tests share, whatever its state."""
    return _shared_lab


@pytest.fixture
def lab(_shared_lab: Lab) -> Lab:
    """The lab that all tests share, in its steady state."""
    steady_state.wait(_shared_lab.metrics, _shared_lab.rps)
    return _shared_lab


@pytest.fixture(scope="module")
def steady_lab(_shared_lab: Lab) -> Lab:
    """The lab that all tests share, in its steady state when the first test of a module uses it."""
    steady_state.wait(_shared_lab.metrics, _shared_lab.rps)
    return _shared_lab


@pytest.fixture
def mended_lab(_shared_lab: Lab) -> Iterator[Lab]:
    """The lab that all tests share with nothing injected, before and after; it may still recover from what was."""
    mend(_shared_lab)
    yield _shared_lab
    mend(_shared_lab)


@pytest.fixture
def office(mended_lab: Lab) -> Iterator[Lab]:
    """The lab that all tests share, with colleagues in it; it may still recover."""
    opening.open_office(mended_lab, colleagues=True)
    wait_until(lambda: background.running(mended_lab.name), what="the director", timeout=20)
    yield mended_lab
    opening.open_office(mended_lab, colleagues=False)


@pytest.fixture
def calm_lab(lab: Lab) -> Lab:
    """The lab that all tests share, after a while in its steady state without a break."""
    since = time.monotonic()

    def calm() -> bool:
        nonlocal since
        if steady_state.sick(steady_state.check(lab.metrics, lab.rps)):
            since = time.monotonic()
        return time.monotonic() - since >= CALM_S

    wait_until(calm, what=f"{CALM_S:.0f} s in the steady state", timeout=180, transient=(LookupFailedError,))
    return lab
