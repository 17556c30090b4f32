"""The shipped catalogue, for tests that go through all of it, or put another one in its place."""

import pytest

from labctl.catalogue import shipped
from labctl.model.fault import Fault

FAULTS = shipped.load_all()


def use_only(monkeypatch: pytest.MonkeyPatch, *faults: Fault) -> None:
    """Let these faults be the whole catalogue."""
    known = {fault.id: fault for fault in faults}
    monkeypatch.setattr(shipped, "ids", lambda: tuple(known))
    monkeypatch.setattr(shipped, "_load", known.__getitem__)
