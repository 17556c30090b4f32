"""Mending a real lab: without waiting until it has recovered, which `labctl heal` does, and what that says."""

from __future__ import annotations

from subprocess import CompletedProcess

from labctl.lab.lab import Lab
from labctl.operate import guard, injection
from labctl.state.locking import locked


def mend(lab: Lab) -> None:
    """Take back whatever is injected, and what killed commands left."""
    with locked(lab.name, "a test"):
        guard.recover(lab)
        injection.heal(lab)


def require_mended(lab: Lab, healed: CompletedProcess[str]) -> None:
    """Check that `labctl heal` named the `labctl break` that was killed, and mended what that had injected."""
    assert "'labctl break'" in healed.stderr
    assert "was interrupted" in healed.stderr
    assert healed.returncode == 0, healed.stderr
    assert injection.injected(lab) == []
