"""Whatever a learner can reach of a lab names no fault and has no telling word, whichever fault is injected.

One fault of each category is looked at when the page has come, with all that it has made the services say until then;
the others as soon as they are injected, by a `labctl break` that is killed then. Whatever services can say is in their
sources, which are read under every fault.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from labctl.health import steady_state
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.operate import guard, injection
from labctl.state.locking import locked
from tests.support import mortal
from tests.support.catalogue import FAULTS
from tests.support.command_line import CommandLine
from tests.support.reach import Reach, Text, state_files
from tests.support.telling import ids_in, words_in

pytestmark = pytest.mark.lab

IDS = [fault.id for fault in FAULTS]


@pytest.fixture
def labctl(running_lab: Lab) -> Iterator[CommandLine]:
    """A command line on a lab in which nothing is broken any more; it may still recover."""
    _mend(running_lab)
    yield CommandLine(running_lab.name)
    _mend(running_lab)


def _mend(lab: Lab) -> None:
    # `labctl heal` waits for the steady state as well: here that is nobody's question.
    with locked(lab.name, "a test"):
        guard.recover(lab)
        injection.heal(lab)


def findings(lab: Lab, since: float, *more: Text) -> list[str]:
    """Return the place of every id and of every telling word in the lab's texts or `more`, and what stands there."""
    texts = [*Reach(lab, since).texts(), *more]
    named = [f"{where} names {each}" for where, text in texts for each in ids_in(where + text, IDS)]
    told = [f"{where} says: {each}" for where, text in texts for each in words_in(text)]
    kept = [f"state file {name} names {each}" for name, raw in state_files(lab) for each in ids_in(raw, IDS)]
    return sorted({*named, *told, *kept})


def test_a_healthy_lab_tells_nothing(running_lab: Lab, labctl: CommandLine) -> None:
    assert findings(running_lab, time.time() - 60) == []


PAGED = {fault.category: fault.id for fault in reversed(FAULTS)}.values()
CASES = [*(("never", each) for each in PAGED), *(("done", each) for each in IDS if each not in PAGED)]


@pytest.mark.parametrize(("moment", "fault"), CASES)
def test_nothing_tells(running_lab: Lab, labctl: CommandLine, moment: str, fault: str) -> None:
    if moment == "never":
        steady_state.wait(running_lab.metrics, running_lab.rps)  # a page of before would be no new one
    before, since = fingerprint.take(running_lab), time.time()
    broken = mortal.run(moment, "break", fault, "--name", running_lab.name)
    assert broken.returncode == (0 if moment == "never" else -signal.SIGKILL), broken.stderr
    assert injection.injected(running_lab) == [fault]
    status = labctl.run("status")  # it only looks, also where something was interrupted
    said = [("labctl break", broken.stdout + broken.stderr), ("labctl status", status.stdout + status.stderr)]
    assert injection.injected(running_lab) == [fault]
    assert findings(running_lab, since, *said) == []
    _mend(running_lab)
    assert fingerprint.leftovers(running_lab, before) == []
