"""Everything accepted goes on, unchanged, to the team's own OTLP backend, if one is named."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread

import requests

from services.telemetry import counters
from services.telemetry.bounded import BoundedQueue
from services.telemetry.counters import Counters

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 5.0
IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Payload:
    """One accepted request as it came: its path, its body and the headers that say how to read it."""

    path: str
    body: bytes
    headers: Mapping[str, str]


class Forwarder:
    """Sends payloads from a background thread, one attempt each; a failure is counted and never reaches ingestion."""

    def __init__(self, endpoint: str, headers: Mapping[str, str], capacity: int, counts: Counters) -> None:
        self._endpoint = endpoint
        self._headers = dict(headers)
        self._counts = counts
        self._queue: BoundedQueue[Payload] = BoundedQueue(capacity)
        self._thread = Thread(target=self._run, name="forward", daemon=True)
        if endpoint:
            self._thread.start()

    def offer(self, payload: Payload) -> None:
        """Send a payload later; dropped and counted when too many wait."""
        if self._endpoint and not self._queue.offer(payload, len(payload.body)):
            self._counts.add(counters.FORWARD_FAILURES, reason="queue-full")

    def close(self) -> None:
        """Send what waits, then stop."""
        self._queue.close()
        if self._thread.is_alive():
            self._thread.join(2 * TIMEOUT_SECONDS)

    def _run(self) -> None:
        with requests.Session() as session:
            # A proxy of the container's environment is not meant for this traffic.
            session.trust_env = False
            while payloads := self._take():
                for payload in payloads:
                    self._send(session, payload)

    def _take(self) -> list[Payload]:
        while not (payloads := self._queue.take(IDLE_SECONDS)):
            if self._queue.closed:
                return []
        return payloads

    def _send(self, session: requests.Session, payload: Payload) -> None:
        url = self._endpoint + payload.path
        headers = {**payload.headers, **self._headers}
        try:
            with session.post(url, data=payload.body, headers=headers, timeout=TIMEOUT_SECONDS) as answer:
                answer.raise_for_status()
        except requests.RequestException as error:
            self._counts.add(counters.FORWARD_FAILURES, reason=type(error).__name__)
            log.warning("the backend did not take %s: %s", payload.path, error)
        else:
            self._counts.add(counters.FORWARDED)
