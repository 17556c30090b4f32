"""`labctl` is killed while it injects: whichever the fault, the next `labctl heal` gives the lab back as it was.

Either the first command that changes something is on its way, or everything is injected and no page has come yet.
"""

from __future__ import annotations

import signal

import pytest

from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.operate import injection
from tests.support import mortal
from tests.support.catalogue import FAULTS
from tests.support.command_line import CommandLine
from tests.support.leaks import PLAYED

pytestmark = pytest.mark.lab

CASES = [*(("begun", fault.id) for fault in FAULTS), ("done", PLAYED)]


@pytest.mark.parametrize(("moment", "fault"), CASES)
def test_the_next_heal_mends_it(mended_lab: Lab, moment: str, fault: str) -> None:
    before = fingerprint.take(mended_lab)
    killed = mortal.run(moment, "break", fault, "--name", mended_lab.name)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert injection.injected(mended_lab) == [fault]
    healed = CommandLine(mended_lab.name).run("heal")
    assert "'labctl break'" in healed.stderr
    assert "was interrupted" in healed.stderr
    assert healed.returncode == 0, healed.stderr
    assert injection.injected(mended_lab) == []
    assert fingerprint.leftovers(mended_lab, before) == []
