"""`labctl` is killed while it injects: whichever the fault, the next `labctl heal` gives the lab back as it was.

Either the first command that changes something is on its way, or everything is injected and no page has come yet.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.operate import injection
from tests.support import mortal
from tests.support.catalogue import FAULTS
from tests.support.command_line import CommandLine

pytestmark = pytest.mark.lab

IDS = [fault.id for fault in FAULTS]


@pytest.fixture
def labctl(running_lab: Lab) -> Iterator[CommandLine]:
    """A command line on a healed lab, which is healed afterwards too."""
    command_line = CommandLine(running_lab.name)
    assert command_line.run("heal").returncode == 0
    yield command_line
    command_line.run("heal")


@pytest.mark.parametrize(("moment", "fault"), [*(("begun", fault) for fault in IDS), ("done", IDS[0])])
def test_the_next_heal_mends_it(running_lab: Lab, labctl: CommandLine, moment: str, fault: str) -> None:
    before = fingerprint.take(running_lab)
    killed = mortal.run(moment, "break", fault, "--name", running_lab.name)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert injection.injected(running_lab) == [fault]
    healed = labctl.run("heal")
    assert "'labctl break'" in healed.stderr
    assert "was interrupted" in healed.stderr
    assert healed.returncode == 0, healed.stderr
    assert injection.injected(running_lab) == []
    assert fingerprint.leftovers(running_lab, before) == []
