"""Calls to another service: timeouts within the deadline, retries within a budget, a circuit breaker."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from services.common import deadline, instruments
from services.common.breaker import CircuitBreaker
from services.common.http_attempt import Call, Peer, was_stale
from services.common.retry import RetryPolicy
from services.common.tracing import untraced
from services.common.upstream import (
    Answer,
    BreakerOpenError,
    UpstreamError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)

_log = logging.getLogger(__name__)


class ServiceClient:
    """One peer. `timeout` in seconds for one attempt; `ours` is False for a peer outside the company.

    Only an idempotent call is tried again. Thread-safe.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float,
        policy: RetryPolicy | None = None,
        breaker: CircuitBreaker | None = None,
        ours: bool = True,
    ) -> None:
        self._peer = Peer(base_url, ours=ours)
        self.name = self._peer.name
        self._timeout = timeout
        self._policy = policy or RetryPolicy()
        self._breaker = breaker or CircuitBreaker()
        instruments.breaker_states[self.name] = lambda: int(self._breaker.state)

    def get(self, path: str, *, template: str = "", params: Mapping[str, str] | None = None) -> Answer:
        """Read; safe to try again."""
        return self._call(Call("GET", path, template, params=params, idempotent=True))

    def post(
        self,
        path: str,
        body: Mapping[str, object],
        *,
        template: str = "",
        headers: Mapping[str, str] | None = None,
        idempotent: bool = False,
    ) -> Answer:
        """Send `body` as JSON; say `idempotent` when the peer does the work once however often it is asked."""
        return self._call(Call("POST", path, template, body, headers=headers or {}, idempotent=idempotent))

    def probe(self, path: str, *, timeout: float = 1.0) -> None:
        """Ask once, without breaker, retries and telemetry; raises UpstreamError when there is no usable answer."""
        with untraced():
            self._peer.attempt(Call("GET", path), timeout, 0)

    def close(self) -> None:
        """Close the idle connections."""
        self._peer.close()

    def _call(self, call: Call) -> Answer:
        self._policy.started()
        made = 0
        while True:
            try:
                return self._guarded(call, made)
            except UpstreamError as error:
                made += 1
                self._warn(call, error, made)
                if not (call.idempotent and error.retriable and self._policy.wait_for_next(made)):
                    raise
                instruments.client_retries.add(1, {"server.address": self.name})

    def _guarded(self, call: Call, made: int) -> Answer:
        timeout = self._attempt_timeout()
        if not self._breaker.allow():
            raise BreakerOpenError(self.name, self._breaker.retry_after())
        success = False
        try:
            answer = self._fresh(call, timeout, made)
            success = True
        finally:
            self._breaker.record(success=success)
        return answer

    def _attempt_timeout(self) -> float:
        timeout = deadline.within(self._timeout)
        if timeout <= 0:
            raise UpstreamTimeoutError(self.name, "deadline exceeded before the call")
        return timeout

    def _fresh(self, call: Call, timeout: float, made: int) -> Answer:
        try:
            return self._peer.attempt(call, timeout, made)
        except UpstreamUnavailableError as error:
            # An idle connection that the peer closed says nothing about the peer: once more, at once, on a new one.
            if call.idempotent and was_stale(error):
                return self._peer.attempt(call, self._attempt_timeout(), made)
            raise

    def _warn(self, call: Call, error: UpstreamError, made: int) -> None:
        fields = {"upstream": self.name, "call": call.name, "attempt": made, "error_type": error.error_type}
        _log.warning("call to %s failed: %s", self.name, error.detail, extra=fields)
