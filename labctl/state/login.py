"""Where somebody is logged in: the room elsewhere that commands ask, kept for the user, not for a lab."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from labctl.base.errors import InputError
from labctl.base.paths import state_path, state_root
from labctl.base.private_files import write_private

VARIABLE, TOKEN_VARIABLE = "LABCTL_REMOTE", "LABCTL_TOKEN"
OFF = "off"


@dataclass(frozen=True)
class Login:
    """A room elsewhere, and the token that lets somebody in."""

    url: str
    """What was logged in to."""
    api: str
    """Where the actions are; ends with a slash."""
    token: str
    user: str = ""
    team: str | None = None
    lab: str = ""
    version: str = ""
    """Of labctl, there."""
    ca: str | None = None
    """A file with the certificates that are trusted, instead of the host's."""
    at: float = 0.0


def present() -> Login | None:
    """Return where commands ask: as the environment says, or as `labctl login` left it; None for this machine's labs.

    Raises InputError for an environment that can't be, or a file that is none of ours.
    """
    said = os.environ.get(VARIABLE, "")
    if said == OFF:
        return None
    return _of_environment(said) if said else _kept()


def keep(login: Login) -> None:
    """Keep a login (0600). Raises HostError."""
    state_root()
    write_private(_path(), json.dumps(asdict(login), indent=2) + "\n")


def forget() -> Login | None:
    """Forget the login, and return what it was. Raises InputError as `present` does."""
    known = _kept()
    _path().unlink(missing_ok=True)
    return known


def _path() -> Path:
    return state_path() / "login.json"


def _of_environment(url: str) -> Login:
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token or not url.startswith(("https://", "http://")):
        raise InputError(
            f"{VARIABLE} is '{url}'" + ("" if token else f", and {TOKEN_VARIABLE} is not set"),
            expected=f"the address of a room's API, and its token in {TOKEN_VARIABLE}; or '{OFF}'",
            todo=f"unset {VARIABLE}, or log in: labctl login URL CODE",
        )
    api = url.rstrip("/") + "/"
    return Login(api, api, token)


def _kept() -> Login | None:
    try:
        text = _path().read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        known = json.loads(text)
        names = {each.name for each in fields(Login)}
        return Login(**{name: value for name, value in known.items() if name in names})
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f"{_path()} is not what `labctl login` wrote", todo="remove it, then log in again: labctl login URL CODE"
        ) from error
