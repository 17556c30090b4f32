"""Whatever a learner can reach of a lab names no fault and has no telling word, whichever fault is injected.

Every fault is looked at as soon as it is injected, by a `labctl break` that is killed then; one of each category also
when the page has come, with what it has made the services say until then. All that they can say is in their sources,
which are read under every fault.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from faults import FAULTS
from labctl import fingerprint, injection
from labctl.lab import Lab
from tests.support import mortal
from tests.support.command_line import CommandLine
from tests.support.reach import Reach, Text, state_files
from tests.support.telling import ids_in, words_in

pytestmark = pytest.mark.lab

IDS = [fault.id for fault in FAULTS]


@pytest.fixture
def labctl(running_lab: Lab) -> Iterator[CommandLine]:
    """A command line on a healed lab, which is healed afterwards too."""
    command_line = CommandLine(running_lab.name)
    assert command_line.run("heal").returncode == 0
    yield command_line
    command_line.run("heal")


def findings(lab: Lab, since: float, *more: Text) -> list[str]:
    """Return the place of every id and of every telling word in the lab's texts or `more`, and what stands there."""
    texts = [*Reach(lab, since).texts(), *more]
    named = [f"{where} names {each}" for where, text in texts for each in ids_in(where + text, IDS)]
    told = [f"{where} says: {each}" for where, text in texts for each in words_in(text)]
    kept = [f"state file {name} names {each}" for name, raw in state_files(lab) for each in ids_in(raw, IDS)]
    return sorted({*named, *told, *kept})


def test_a_healthy_lab_tells_nothing(running_lab: Lab, labctl: CommandLine) -> None:
    assert findings(running_lab, time.time() - 60) == []


FIRST_OF_A_CATEGORY = list({fault.category: fault.id for fault in reversed(FAULTS)}.values())
CASES = [*(("done", each) for each in IDS), *(("never", each) for each in FIRST_OF_A_CATEGORY)]


@pytest.mark.parametrize(("moment", "fault"), CASES)
def test_nothing_tells(running_lab: Lab, labctl: CommandLine, moment: str, fault: str) -> None:
    before, since = fingerprint.take(running_lab), time.time()
    broken = mortal.run(moment, "break", fault, "--name", running_lab.name)
    assert broken.returncode == (0 if moment == "never" else -signal.SIGKILL), broken.stderr
    assert injection.injected(running_lab) == [fault]
    assert findings(running_lab, since, ("labctl break", broken.stdout + broken.stderr)) == []
    healed = labctl.run("heal")
    assert healed.returncode == 0, healed.stderr
    assert fingerprint.leftovers(running_lab, before) == []
