"""Who can have two hosts on one machine, and who is told why not."""

from __future__ import annotations

import os
import shutil

import pytest

from bench.swarm import hosts
from labctl.base.errors import HostError


def test_whoever_may_make_no_namespaces_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(HostError) as error:
        hosts.require()
    assert error.value.todo == "run it as root"


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "unshare" else f"/usr/bin/{name}")
    with pytest.raises(HostError) as error:
        hosts.require()
    assert error.value.what == "not here: unshare"
