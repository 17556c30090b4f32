"""Whatever a learner can reach of a lab names no fault and has no telling word, whichever fault is injected.

One fault of each category is looked at when the page has come, with all that it has made the services say until then:
two of them where their incidents are played (test_incident_loop.py), the others here. The rest is looked at as soon as
it is injected, where a killed `labctl break` leaves it (test_killed_injections.py). Whatever services can say is in
their sources, which are read under every fault. Nor does the lab's shape tell: what is different from before follows
from the change feed.
"""

from __future__ import annotations

import time

import pytest

from labctl.health import steady_state
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.operate import injection
from tests.support import mortal, structure
from tests.support.command_line import CommandLine
from tests.support.leaks import PAGED, findings, told_by_shape
from tests.support.mending import mend

pytestmark = pytest.mark.lab


def test_a_healthy_lab_tells_nothing(mended_lab: Lab) -> None:
    shape, since = structure.take(mended_lab), time.time()
    assert findings(mended_lab, since - 60) == []
    assert told_by_shape(mended_lab, shape, since) == []


@pytest.mark.parametrize("fault", PAGED)
def test_nothing_tells(mended_lab: Lab, fault: str) -> None:
    lab = mended_lab
    steady_state.wait(lab.metrics, lab.rps)  # a page of before would be no new one
    before, shape, since = fingerprint.take(lab), structure.take(lab), time.time()
    broken = mortal.run("never", "break", fault, "--name", lab.name)
    assert broken.returncode == 0, broken.stderr
    assert injection.injected(lab) == [fault]
    status = CommandLine(lab.name).run("status")
    said = {"labctl break": broken, "labctl status": status}
    assert findings(lab, since, *((what, done.stdout + done.stderr) for what, done in said.items())) == []
    assert told_by_shape(lab, shape, since) == []
    mend(lab)
    assert fingerprint.leftovers(lab, before) == []
