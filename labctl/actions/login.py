"""Logging in to a room elsewhere: from then on, commands work on its lab."""

from __future__ import annotations

import getpass
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from labctl.actions.answer import Answer, moment
from labctl.actions.remote_room import RemoteRoom
from labctl.actions.served import API_PATH
from labctl.base import progress
from labctl.base.errors import InputError, LabctlError, LabStateError, RemoteError
from labctl.state import login as kept
from labctl.state.login import Login

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Whoami(Answer):
    """Where somebody is logged in, and as whom."""

    schema: ClassVar[str] = "labctl.whoami/1"
    url: str
    user: str
    team: str | None
    """Null where there are no teams."""
    lab: str
    version: str
    """Of labctl, there."""
    since: datetime


def login(url: str, code: str, name: str = "", ca: Path | None = None) -> Whoami:
    """Log in to the room, or the game day, at an address, and keep that. Raises InputError, RemoteError."""
    base = _address(url)
    trusted = str(ca.expanduser().absolute()) if ca else None
    asked = RemoteRoom(Login(base, urljoin(base, API_PATH), "", ca=trusted))
    said = _object(asked, "POST", "login", {"code": code, "name": name or _user()})
    # Only its path counts: the token goes nowhere but to the host that gave it.
    path = urlsplit(str(said.get("api", ""))).path
    if not (said.get("token") and path):
        raise RemoteError(
            f"{base} answers a login, but not as a room does", expected="a token, and a path on this host"
        )
    api = urljoin(base, path.rstrip("/") + "/")
    found = replace(asked.login, api=api, token=str(said["token"]), at=time.time())
    me = _object(RemoteRoom(found), "GET", "me", None)
    found = replace(
        found,
        user=str(said.get("user") or me.get("user", "")),
        team=said.get("team"),
        lab=str(me.get("lab", "")),
        version=str(me.get("version", "")),
    )
    kept.keep(found)
    return _who(found)


def logout() -> str | None:
    """End the login, and return where it was; None when there was none."""
    known = kept.forget()
    if known is None:
        return None
    try:
        # Whoever gave the token ends it: on a game day that is not the room.
        RemoteRoom(replace(known, api=urljoin(known.url, API_PATH))).send("POST", "logout")
    except LabctlError as error:
        progress.warn(f"the login is forgotten here, but it may go on there: {error.what}")
    return known.url


def whoami() -> Whoami:
    """Return where somebody is logged in. Raises LabStateError when nowhere."""
    known = kept.present()
    if known is None:
        raise LabStateError(
            "you are logged in nowhere: commands work on the labs of this machine",
            todo="`labctl login URL CODE` logs in to a room elsewhere",
        )
    return _who(known)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user whom this system has no name for
        return ""


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise InputError(f"'{url}' is not the address of a room", expected="such as https://day.example/")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        progress.warn(f"{url} is not encrypted: whoever is on the way to it can read and use your login")
    return url.rstrip("/") + "/"


def _object(room: RemoteRoom, method: str, path: str, given: dict[str, str] | None) -> dict[str, Any]:
    try:
        found = room.send(method, path, given).json()
    except ValueError as error:
        raise RemoteError(f"{room.host} does not answer as a room does", todo="check the address") from error
    return found if isinstance(found, dict) else {}


def _who(login: Login) -> Whoami:
    return Whoami(login.url, login.user, login.team, login.lab, login.version, moment(login.at))
