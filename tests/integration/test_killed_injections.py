"""`labctl` is killed while it injects: whichever the fault, the next `labctl heal` gives the lab back as it was.

Either the first command that changes something is on its way, or all of it was injected. What was injected is looked at
before it is healed: nothing that a learner can reach tells which fault it is (test_no_leak.py). Nobody waits for the
lab's recovery here; test_healing.py does.
"""

from __future__ import annotations

import signal
import time
from subprocess import CompletedProcess

import pytest

from labctl.lab import fingerprint
from labctl.lab.fingerprint import Fingerprint
from labctl.lab.lab import Lab
from labctl.operate import injection
from tests.support import impatient, mortal, structure
from tests.support.command_line import CommandLine
from tests.support.leaks import AUDITED_WITH_ITS_PAGE, IDS, findings, told_by_shape
from tests.support.mending import mend, require_mended
from tests.support.structure import Picture

pytestmark = [pytest.mark.lab, pytest.mark.small]

INJECTED = [each for each in IDS if each not in AUDITED_WITH_ITS_PAGE]
CASES = [*(("begun", each) for each in IDS), *(("done", each) for each in INJECTED)]


@pytest.fixture(scope="module")
def untouched(_shared_lab: Lab) -> Fingerprint:
    """What the lab has to be again after each of these tests."""
    mend(_shared_lab)
    return fingerprint.take(_shared_lab)


@pytest.mark.parametrize(("moment", "fault"), CASES)
def test_the_next_heal_mends_it(mended_lab: Lab, untouched: Fingerprint, moment: str, fault: str) -> None:
    lab = mended_lab
    shape, since = structure.take(lab), time.time()
    killed = mortal.run(moment, "break", fault, "--name", lab.name)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert injection.injected(lab) == [fault]
    if moment == "done":
        _require_no_leak(lab, shape, since, killed)
    require_mended(lab, impatient.heal(lab))
    assert fingerprint.leftovers(lab, untouched) == []


def _require_no_leak(lab: Lab, shape: Picture, since: float, killed: CompletedProcess[str]) -> None:
    """Check that nothing a learner can reach tells; but for `labctl status`, which names the interrupted command."""
    injected = injection.injected(lab)
    CommandLine(lab.name).run("status")
    assert injection.injected(lab) == injected, "it only looks, also where something was interrupted"
    assert findings(lab, since, ("labctl break", killed.stdout + killed.stderr)) == []
    assert told_by_shape(lab, shape, since) == []
