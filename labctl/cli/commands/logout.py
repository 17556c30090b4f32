"""`labctl logout`: work on the labs of this machine again."""

from __future__ import annotations

from labctl.actions import login as action
from labctl.cli import console


def logout() -> None:
    """Forget the login: commands work on the labs of this machine again."""
    url = action.logout()
    console.show(f"You are logged out of {url}." if url else "You were logged in nowhere.")
