"""A lab on another host: its server's verbs, asked over the game day's network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from labctl.actions.errand import Asked
from labctl.actions.overview import Glance
from labctl.base import errors
from labctl.base.errors import LabctlError, LookupFailedError
from labctl.gameday.servers.opening import Present, Wanted
from labctl.gameday.servers.server import Pace, Seen, Standing, Work
from labctl.room.identity import FRONT_SECRET

CONNECT_S = 3.0
SOON_S = 8.0
"""How long a question may take whose answer the lab's state has."""
LATE_S = 90.0
"""How long one may take that waits for the lab, or measures."""


@dataclass(frozen=True)
class Far:
    """The lab `name`, whose server is behind `client`."""

    name: str
    secret: str
    client: httpx.Client

    def state(self) -> Present:
        """Return what the server has."""
        found: Present = self._ask("state", Present)
        return found

    def open(self, wanted: Wanted) -> None:
        """Let the server open its lab, in the background."""
        self._tell("open", asdict(wanted))

    def close(self, within_s: float = LATE_S) -> None:
        """Remove the lab."""
        self._tell("close", wait_s=within_s)

    def room(self, prefix: str) -> None:
        """Open the lab's room below another path."""
        self._tell("room", {"prefix": prefix}, wait_s=LATE_S)

    def pace(self) -> Pace:
        """Return what decides which faults show in the lab."""
        found: Pace = self._ask("pace", Pace)
        return found

    def begin(self, asked: Asked) -> None:
        """Let a hidden incident begin in the background."""
        self._tell("begin", asdict(asked))

    def work(self) -> Work | None:
        """Return the last thing that was done in the background."""
        found: Work | None = self._ask("work", Work | None)
        return found

    def seen(self) -> Seen:
        """Return the last incident."""
        found: Seen = self._ask("seen", Seen)
        return found

    def standing(self) -> Standing:
        """Return whether there is something to heal."""
        found: Standing = self._ask("standing", Standing)
        return found

    def heal(self) -> None:
        """Let the lab be healed in the background."""
        self._tell("heal")

    def pause(self) -> None:
        """Let the clock stand."""
        self._tell("pause", wait_s=LATE_S)

    def resume(self) -> None:
        """Let the clock run on."""
        self._tell("resume", wait_s=LATE_S)

    def extend(self, by_s: float) -> None:
        """Move the limit."""
        self._tell("extend", {"by_s": by_s}, wait_s=LATE_S)

    def end(self) -> None:
        """End the incident."""
        self._tell("end", wait_s=LATE_S)

    def void(self) -> None:
        """Let nothing of the incident count."""
        self._tell("void", wait_s=LATE_S)

    def told(self) -> dict[str, Any]:
        """Return the last incident's debrief, and its postmortem."""
        found: dict[str, Any] = self._ask("told", dict[str, Any], wait_s=LATE_S)
        return found

    def onlooker(self) -> FarOnlooker:
        """Return who looks at the lab."""
        return FarOnlooker(self)

    def _tell(self, verb: str, given: Mapping[str, Any] | None = None, *, wait_s: float = SOON_S) -> None:
        self._ask(verb, None, given, wait_s=wait_s)

    def _ask(
        self,
        verb: str,
        kind: Any,  # noqa: ANN401 - a type, or a union of some
        given: Mapping[str, Any] | None = None,
        *,
        wait_s: float = SOON_S,
    ) -> Any:  # noqa: ANN401 - what the kind says
        try:
            answer = self.client.post(
                f"/orders/{verb}",
                json=given or {},
                headers={FRONT_SECRET: self.secret},
                timeout=httpx.Timeout(wait_s, connect=CONNECT_S),
            )
        except httpx.HTTPError as error:
            raise _away(str(error) or type(error).__name__) from error
        if answer.status_code == httpx.codes.CONFLICT:
            raise _raised(answer)
        if answer.is_error:
            raise _away(f"status {answer.status_code}")
        try:
            return _reader(kind).validate_python(answer.json()["answer"])
        except (ValueError, KeyError, ValidationError) as error:
            raise _away("it answers what this labctl can't read") from error


@dataclass(frozen=True)
class FarOnlooker:
    """Looks at a lab by its server."""

    server: Far

    def look(self) -> Glance:
        """Return the lab now; a server that does not answer is a trouble of it."""
        try:
            found: Glance = self.server._ask("look", Glance)
        except LabctlError as problem:
            return Glance(self.server.name, troubles=(problem.what,))
        return found


@lru_cache(maxsize=32)
def _reader(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - as above
    return TypeAdapter(kind)


def _away(why: str) -> LookupFailedError:
    return LookupFailedError(
        f"the lab's server does not answer: {why}",
        expected="an answer of the server on the lab's host",
        todo="wait: where its host was lost, it is started on another",
    )


def _raised(answer: httpx.Response) -> LabctlError:
    """Return an error of the server as it would have been raised here."""
    try:
        told = answer.json()
        kind = getattr(errors, str(told["error"]), LabctlError)
        what, expected, todo = (str(told[each]) for each in ("what", "expected", "todo"))
    except (ValueError, KeyError, TypeError):
        return _away("its refusal can't be read")
    if not (isinstance(kind, type) and issubclass(kind, LabctlError)):
        kind = LabctlError
    found: LabctlError = kind.__new__(kind)
    LabctlError.__init__(found, what, expected=expected, todo=todo)
    return found
