"""`labctl heal` after a killed `labctl break`: it gives the lab back as it was, and waits until it has recovered."""

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
from tests.support.mending import require_mended

pytestmark = pytest.mark.lab


@pytest.mark.parametrize(("moment", "fault"), [("begun", FAULTS[-1].id), ("done", PLAYED)])
def test_the_next_heal_waits_for_recovery(mended_lab: Lab, moment: str, fault: str) -> None:
    before = fingerprint.take(mended_lab)
    killed = mortal.run(moment, "break", fault, "--name", mended_lab.name)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert injection.injected(mended_lab) == [fault]
    require_mended(mended_lab, CommandLine(mended_lab.name).run("heal"))
    assert fingerprint.leftovers(mended_lab, before) == []
