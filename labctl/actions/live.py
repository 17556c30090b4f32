"""What is new in a lab, for an interface that is kept up to date: a version for each topic, and what is away.

A version differs when the topic has to be read anew. All of them are told from the lab itself, but one: alerts come and
go, so that whoever did not watch for a while can't know, and their version differs after each such gap.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock

from labctl.actions import postmortem_editing
from labctl.actions.answer import moment
from labctl.base.errors import LabctlError, LabStateError, LookupFailedError, NotFoundError
from labctl.base.times import local_time
from labctl.health import alert_changes, paging
from labctl.lab.lab import Lab
from labctl.lookups.logs import LokiClient
from labctl.lookups.prometheus import PrometheusClient
from labctl.play import incidents, logbook, mitigations
from labctl.state import attention

FRESH_S = 0.9
"""Whoever asks again sooner gets the same answer."""
ASK_S = 2.0
"""How long a source may take to answer before it counts as away."""
GAP_S = 10.0
"""Without a look for so long, alerts may have come and gone."""
TOPICS = ("incident", "alerts", "changes", "logbook", "errand", "postmortem", "sources")
PROMETHEUS, TELEMETRY, LAB = "Prometheus", "the telemetry store", "the lab's state"
_WRITTEN = (logbook.UPDATE, logbook.NOTE, logbook.HYPOTHESIS, mitigations.KIND)


@dataclass(frozen=True)
class Away:
    """What does not answer, and since when that is known."""

    source: str
    since: datetime


@dataclass(frozen=True)
class Seen:
    """The versions by topic, and what was away."""

    versions: dict[str, str]
    away: tuple[Away, ...] = ()


@dataclass
class Watch:
    """One lab, watched by whoever asks; threads share it, and with it the cost."""

    name: str
    _lock: Lock = field(default_factory=Lock, repr=False)
    _seen: Seen = field(default_factory=lambda: Seen({}), repr=False)
    _at: float = field(default=float("-inf"), repr=False)
    _gaps: int = 0
    _away: dict[str, float] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.began = time.time()

    @cached_property
    def lab(self) -> Lab:
        """The lab, with connections that are made once."""
        return Lab.open(self.name)

    @cached_property
    def _prometheus(self) -> PrometheusClient:
        return PrometheusClient(self.lab.addresses.prometheus, timeout=ASK_S)

    @cached_property
    def _logs(self) -> LokiClient:
        return LokiClient(self.lab.addresses.telemetry, timeout=ASK_S)

    def look(self) -> Seen:
        """Return the versions now; while somebody else looks, those before. Raises NotFoundError once the lab is gone.

        Nobody waits for a source that does not answer but the one who asks it.
        """
        if not self._lock.acquire(blocking=not self._seen.versions):
            return self._seen
        try:
            now = time.monotonic()
            if now - self._at > FRESH_S:
                self._gaps += now - self._at > GAP_S
                self._seen = self._looked()
                self._at = time.monotonic()
            return self._seen
        finally:
            self._lock.release()

    def require(self, source: str) -> None:
        """Raise LookupFailedError for a source that is known to be away: a page does not wait for it again."""
        since = next((each.since for each in self.look().away if each.source == source), None)
        if since is not None:
            raise LookupFailedError(f"{source} has not answered since {local_time(since.timestamp())}")

    def _looked(self) -> Seen:
        if not self.lab.store.exists:
            raise NotFoundError("lab", self.name, [], todo="it was taken down: labctl up")
        versions = {
            "incident": self._asked(LAB, self._incident),
            "alerts": self._asked(PROMETHEUS, self._alerts),
            "changes": self._asked(LAB, self._changes),
            "logbook": self._asked(LAB, self._logbook),
            "errand": self._asked(LAB, self.lab.store.errand.read),
            "postmortem": self._asked(LAB, lambda: postmortem_editing.version(self.lab)),
        }
        self._asked(TELEMETRY, self._ready)
        self._asked(LAB, lambda: attention.note(self.lab.store))
        away = tuple(Away(source, moment(since)) for source, since in sorted(self._away.items()))
        return Seen({**versions, "sources": _version(away)}, away)

    def _asked(self, source: str, ask: Callable[[], object]) -> str:
        """Return the version of what `ask` finds; a source that does not answer is away from now on."""
        try:
            found = ask()
        except (LabStateError, LookupFailedError):
            self._away.setdefault(source, time.time())
            return _version("away")
        except LabctlError:
            return _version("unknown")
        self._away.pop(source, None)
        return _version(found)

    def _incident(self) -> object:
        incident = incidents.latest(self.lab)
        page = incident.page if incident else None
        if incident is None or page is None:
            return None
        return incident.id, incident.status, incident.wrong, page.at, incident.pauses, incident.limit_s

    def _ready(self) -> object:
        self.lab.require_awake()  # nothing in a paused lab answers: nobody waits for it
        return self._logs.ready()

    def _alerts(self) -> object:
        self.lab.require_awake()
        return sorted(alert_changes.keyed(paging.firing(self._prometheus))), self._gaps, self.began

    def _changes(self) -> object:
        return [(each.at, each.component, each.kind, each.summary) for each in self.lab.store.changes.list()]

    def _logbook(self) -> object:
        return self.lab.store.journal.count(*_WRITTEN)


def _version(found: object) -> str:
    return hashlib.blake2b(repr(found).encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
