"""A lab's incident room: opening it, closing it, and what its server asks of the lab."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.base import progress
from labctl.base.errors import LabStateError
from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab
from labctl.operate import background
from labctl.state import ports
from labctl.state.room import HOST, TOKEN_S, RoomRecord, prefix_of, proof_of

__all__ = [
    "HOST",
    "Keys",
    "Room",
    "being",
    "close_room",
    "has_left",
    "is_free",
    "keys",
    "leave",
    "open_at",
    "open_behind",
    "open_room",
    "prefix_of",
    "proof_of",
    "redeem",
    "still_there",
]

START_S = 20.0


@dataclass(frozen=True)
class Room(Answer):
    """A lab's room that is open; `url` lets one browser in, once, within `minutes`."""

    schema: ClassVar[str] = "labctl.room/1"
    lab: str
    url: str
    minutes: int
    address: str
    """Where the room is for who is in it already."""
    started: bool
    """Whether its process had to be started."""

    @property
    def token(self) -> str:
        """The one-time token in `url`, which is a code for a terminal as well."""
        return self.url.partition("token=")[2]


@dataclass(frozen=True)
class Keys:
    """What the room's server has to know: where to listen, and the secret by which it knows whom it let in."""

    port: int
    secret: str
    prefix: str = ""
    front: str = ""
    """The file with the front's secret; empty for a room of one's own."""


def open_room(name: str) -> Room:
    """Start a lab's room where it does not run, and return a way in.

    Raises NotFoundError, LabStateError for a room behind a front, WaitTimeoutError.
    """
    lab = Lab.open(name)
    known = lab.store.room.read()
    if known and known.open and known.front:
        raise LabStateError(
            f"the room of the lab '{name}' is behind a game day's hub",
            expected="a lab of no game day",
            todo="open the team's link: labctl gameday status",
        )
    runs = _runs(name)
    record = lab.store.room.open(known.port if known and runs else _port(lab, known))
    address = record.address(name)
    _await_answer(lab, address, record.secret)
    return Room(name, f"{address}enter?token={lab.store.room.mint()}", round(TOKEN_S / 60), address, not runs)


def close_room(name: str) -> bool:
    """End a lab's room, and put out whoever was in it; False where none was open. Raises NotFoundError."""
    lab = Lab.open(name)
    known = lab.store.room.read()
    lab.store.room.close()
    background.stop(name, background.ROOM)
    wait_until(lambda: not _runs(name), what="the room's end", timeout=START_S)
    return known is not None and known.open


def keys(name: str) -> Keys:
    """Return what the room's server has to know. Raises NotFoundError, LabStateError for a room that is closed."""
    lab = Lab.open(name)
    record = lab.store.room.read()
    if record is None or not record.open:
        raise LabStateError("the room is closed", expected="an open one", todo=f"run `labctl room{lab.option}`")
    return Keys(record.port, record.secret, record.prefix, record.front)


def open_at(name: str, port: int, prefix: str, front: str) -> Keys:
    """Note that a front has a lab's room at this port, and return what its server has to know. Raises NotFoundError.

    Whoever starts the room anew, as every command does that finds it killed, starts it behind the same front.
    """
    record = Lab.open(name).store.room.open(port, prefix, front)
    return Keys(record.port, record.secret, record.prefix, record.front)


def open_behind(name: str, prefix: str, front: str) -> int:
    """Start a lab's room behind a front where it does not run, and return its port. Raises WaitTimeoutError.

    `front` is the file with the front's secret; the room lives below the path `prefix`.
    """
    lab = Lab.open(name)
    known = lab.store.room.read()
    if known and known.open and (known.prefix, known.front) != (prefix, front):
        close_room(name)
    port = known.port if known and _runs(name) else _port(lab, known)
    record = lab.store.room.open(port, prefix, front)
    _await_answer(lab, record.address(name), record.secret)
    return port


def is_free(port: int, address: str) -> bool:
    """Whether a server could listen there now."""
    return ports.is_free(port, address)


def redeem(name: str, token: str) -> bool:
    """Use a one-time token up; False when it is none, was used already, or is too old."""
    return Lab.open(name).store.room.redeem(token)


def leave(name: str, session: str, for_s: float) -> None:
    """End a terminal's session, which would have ended by itself within `for_s` seconds."""
    Lab.open(name).store.room.leave(session, for_s)


def has_left(name: str, session: str) -> bool:
    """Whether a terminal's session was ended before its time."""
    return Lab.open(name).store.room.has_left(session)


def still_there(name: str) -> bool:
    """Whether the lab is there, and its room open."""
    store = Lab(name).store
    if not store.exists:
        return False
    record = store.room.read()
    return record is not None and record.open


@contextmanager
def being(name: str) -> Iterator[bool]:
    """Be the lab's room within the block; False when another process is."""
    with background.only_one(name, background.ROOM) as alone:
        yield alone


def _port(lab: Lab, known: RoomRecord | None) -> int:
    if known and ports.is_free(known.port, HOST):
        return known.port
    port = ports.beside(lab.record.ports, lambda each: ports.is_free(each, HOST))
    if known:
        progress.warn(f"another program took port {known.port}: the room is at port {port} now")
    return port


def _runs(name: str) -> bool:
    return background.running(name, background.ROOM) is not None


def _await_answer(lab: Lab, address: str, secret: str) -> None:
    """Wait until the room answers, after starting it where it does not run."""

    def answers() -> bool:
        return _answers(address, secret)

    # A process that has just been killed may still hold its lock: it neither answers nor is gone.
    wait_until(lambda: answers() or not _runs(lab.name), what="the room's end", timeout=START_S)
    background.ensure(lab, background.ROOM)
    todo = f"run `labctl room{lab.option} --close`, then `labctl room{lab.option}`"
    wait_until(answers, what="an answer of the room", timeout=START_S, todo=todo)


def _answers(address: str, secret: str) -> bool:
    """Whether the lab's room answers, and no other's that has taken the port."""
    import httpx  # noqa: PLC0415 - only whoever opens a room asks

    try:
        return httpx.get(f"{address}alive", timeout=2, trust_env=False).text == proof_of(secret)
    except httpx.TransportError:
        return False
