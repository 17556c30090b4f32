"""Whatever a learner can reach of a lab names no fault and has no telling word, whichever fault is injected.

One fault of each category is looked at when the page has come, with all that it has made the services say until then:
two of them where their incidents are played (test_incident_loop.py), the others here. The rest is looked at as soon as
it is injected, by a `labctl break` that is killed then, and that the next `labctl heal` has to mend. Whatever services
can say is in their sources, which are read under every fault. Nor does the lab's shape tell: what is different from
before follows from the change feed.
"""

from __future__ import annotations

import signal
import time

import pytest

from labctl.health import steady_state
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.operate import injection
from tests.support import impatient, mortal, structure
from tests.support.catalogue import FAULTS
from tests.support.command_line import CommandLine
from tests.support.leaks import HIDDEN, IDS, PLAYED, findings, told_by_shape
from tests.support.mending import mend

pytestmark = pytest.mark.lab

IN_INCIDENTS = (PLAYED, HIDDEN)
"""Audited by the tests that play their incidents."""
COVERED = {fault.category for fault in FAULTS if fault.id in IN_INCIDENTS}
PAGED = {fault.category: fault.id for fault in reversed(FAULTS) if fault.category not in COVERED}.values()
INJECTED = [each for each in IDS if each not in (*PAGED, *IN_INCIDENTS)]
CASES = [*(("never", each) for each in PAGED), *(("done", each) for each in INJECTED)]


def test_a_healthy_lab_tells_nothing(mended_lab: Lab) -> None:
    shape, since = structure.take(mended_lab), time.time()
    assert findings(mended_lab, since - 60) == []
    assert told_by_shape(mended_lab, shape, since) == []


@pytest.mark.parametrize(("moment", "fault"), CASES)
def test_nothing_tells(mended_lab: Lab, moment: str, fault: str) -> None:
    lab = mended_lab
    if moment == "never":
        steady_state.wait(lab.metrics, lab.rps)  # a page of before would be no new one
    before, shape, since = fingerprint.take(lab), structure.take(lab), time.time()
    broken = mortal.run(moment, "break", fault, "--name", lab.name)
    assert broken.returncode == (0 if moment == "never" else -signal.SIGKILL), broken.stderr
    assert injection.injected(lab) == [fault]
    status = CommandLine(lab.name).run("status")  # it only looks, also where something was interrupted
    assert injection.injected(lab) == [fault]
    said = [("labctl break", broken.stdout + broken.stderr)]
    if moment == "never":  # else it names the command that was interrupted, which whoever typed it knows
        said.append(("labctl status", status.stdout + status.stderr))
    assert findings(lab, since, *said) == []
    assert told_by_shape(lab, shape, since) == []
    if moment == "never":
        mend(lab)
    else:
        _require_mended_by_the_next_heal(lab)
    assert fingerprint.leftovers(lab, before) == []


def _require_mended_by_the_next_heal(lab: Lab) -> None:
    healed = impatient.heal(lab)
    assert "'labctl break'" in healed.stderr
    assert "was interrupted" in healed.stderr
    assert healed.returncode == 0, healed.stderr
    assert injection.injected(lab) == []
