"""`labctl` is killed while it injects: whichever the fault, the next `labctl heal` gives the lab back as it was.

Here the first command that changes something is on its way; test_no_leak.py heals what was killed when all of it was
injected. With one fault each, `labctl heal` waits for the lab's recovery.
"""

from __future__ import annotations

import signal
from subprocess import CompletedProcess

import pytest

from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.operate import injection
from tests.support import impatient, mortal
from tests.support.catalogue import FAULTS
from tests.support.command_line import CommandLine
from tests.support.leaks import PLAYED

pytestmark = pytest.mark.lab

CASES = [*(("begun", fault.id) for fault in FAULTS), ("done", PLAYED)]
WAITED_FOR = FAULTS[-1].id


@pytest.mark.parametrize(("moment", "fault"), CASES)
def test_the_next_heal_mends_it(mended_lab: Lab, moment: str, fault: str) -> None:
    before = fingerprint.take(mended_lab)
    killed = mortal.run(moment, "break", fault, "--name", mended_lab.name)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert injection.injected(mended_lab) == [fault]
    healed = _heal(mended_lab, patient=moment == "done" or fault == WAITED_FOR)
    assert "'labctl break'" in healed.stderr
    assert "was interrupted" in healed.stderr
    assert healed.returncode == 0, healed.stderr
    assert injection.injected(mended_lab) == []
    assert fingerprint.leftovers(mended_lab, before) == []


def _heal(lab: Lab, *, patient: bool) -> CompletedProcess[str]:
    return CommandLine(lab.name).run("heal") if patient else impatient.heal(lab)
