"""Whatever a learner can reach of a lab names no fault and has no telling word, whichever fault is injected.

Every fault is injected by a `labctl break` that is killed when it has done so: what is left of that is healed, too.
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
from tests.support.reach import Reach, state_files
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


def findings(lab: Lab, since: float) -> list[str]:
    """Return the place of every id and of every telling word, and what stands there."""
    texts = list(Reach(lab, since).texts())
    named = [f"{where} names {each}" for where, text in texts for each in ids_in(where + text, IDS)]
    told = [f"{where} says: {each}" for where, text in texts for each in words_in(text)]
    kept = [f"state file {name} names {each}" for name, raw in state_files(lab) for each in ids_in(raw, IDS)]
    return sorted({*named, *told, *kept})


def test_a_healthy_lab_tells_nothing(running_lab: Lab, labctl: CommandLine) -> None:
    assert findings(running_lab, time.time() - 60) == []


@pytest.mark.parametrize("fault", IDS)
def test_nothing_tells(running_lab: Lab, labctl: CommandLine, fault: str) -> None:
    before, since = fingerprint.take(running_lab), time.time()
    killed = mortal.run("done", "break", fault, "--name", running_lab.name)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert injection.injected(running_lab) == [fault]
    assert findings(running_lab, since) == []
    healed = labctl.run("heal")
    assert healed.returncode == 0, healed.stderr
    assert fingerprint.leftovers(running_lab, before) == []
