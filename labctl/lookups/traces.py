"""Traces and service dependencies, through Jaeger's query API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from labctl.base.errors import InputError, LookupFailedError, NotFoundError
from labctl.lookups.http import ApiClient, Params
from labctl.lookups.spans import Trace, traces_of
from labctl.model.services import SERVICES

_TRACE_ID = re.compile(r"[0-9a-f]{1,32}", re.ASCII)
FULL_ID_LENGTH = 32
_SEARCH_LIMITS = (100, 1500)  # a short search first, then the longest that Jaeger allows
_ANY_SERVICE = "*"
_NARROW = "narrow with --since, --service, --operation, --min-ms or --errors"
_ROOM = 100
"""So many more traces are asked for: some of the newest are not finished, and are shown only where there is room."""
_UNMISTAKABLE = 8
"""No two traces of a lab have the first so many digits of their ids in common."""


@dataclass(frozen=True)
class Search:
    """What to look for; times in epoch seconds, `min_duration` of a span in seconds."""

    start: float
    end: float
    service: str | None = None
    operation: str | None = None
    """A part of an operation's name, in capitals or not."""
    min_duration: float | None = None
    errors: bool = False
    limit: int = 20
    brief: bool = False
    """Whether attributes and events of spans are left out, but for those that say that a span failed."""


@dataclass(frozen=True)
class Found:
    """The traces of a search; `cut` says why they are not all that match, and is empty otherwise."""

    traces: list[Trace]
    cut: str = ""


@dataclass(frozen=True)
class Dependency:
    """How often one service called another, counted in the traces."""

    caller: str
    callee: str
    calls: int


class JaegerClient:
    """Searches in the trace store. Raises LookupFailedError with its message, LabStateError when it is down."""

    def __init__(self, base_url: str, *, timeout: float = 10.0) -> None:
        self._api = ApiClient(base_url, "the trace store", timeout=timeout)

    def services(self) -> list[str]:
        """Return the names of the services that have sent spans, sorted."""
        return sorted(self._api.get("/api/services").get("data") or ())

    def search(self, search: Search) -> Found:
        """Return at most `search.limit` traces, the newest first, and after them those that are not finished.

        Raises NotFoundError for an unknown service; one that has sent nothing yet is known.
        """
        if search.service is not None:
            known = {*self.services(), *SERVICES}
            if search.service not in known:
                raise NotFoundError("service", search.service, known)
        answer = self._api.get("/api/traces", _conditions(search, search.limit + _ROOM))
        found = sorted(traces_of(answer), key=lambda trace: (not trace.finished, -trace.start))
        shown = found[: search.limit]
        is_cut = len(found) > len(shown) or bool(answer.get("warnings"))
        return Found(shown, f"cut at {len(shown)} traces; {_NARROW}" if is_cut else "")

    def trace(self, prefix: str, *, start: float, end: float) -> Trace:
        """Return the only trace whose id begins with `prefix`; one that is no whole id is searched in the time span."""
        return self._whole(self.trace_id(prefix, start=start, end=end))

    def trace_id(self, prefix: str, *, start: float, end: float) -> str:
        """Return the only trace id that begins with `prefix`. Raises InputError for a text that can't be an id."""
        wanted = checked_prefix(prefix)
        if len(wanted) == FULL_ID_LENGTH:
            return wanted
        ids: set[str] = set()
        for limit in _SEARCH_LIMITS:
            ids = self._recent_ids(start, end, limit)
            if len(wanted) >= _UNMISTAKABLE and any(each.startswith(wanted) for each in ids):
                break
        return only_one(wanted, ids)

    def dependencies(self, start: float, end: float) -> list[Dependency]:
        """Return who called whom from `start` to `end` (epoch seconds)."""
        params = {"endTs": int(end * 1000), "lookback": int((end - start) * 1000)}
        links = self._api.get("/api/dependencies", params).get("data") or ()
        return [Dependency(link["parent"], link["child"], int(link["callCount"])) for link in links]

    def _recent_ids(self, start: float, end: float, limit: int) -> set[str]:
        search = Search(start, end)
        answer = self._api.get("/api/traces", _conditions(search, limit))
        return {trace["traceID"] for trace in answer.get("data") or ()}

    def _whole(self, trace_id: str) -> Trace:
        try:
            traces = traces_of(self._api.get(f"/api/traces/{trace_id}"))
        except LookupFailedError as error:
            if "not found" in error.what:
                raise _no_such_trace(trace_id) from error
            raise
        if not traces:
            raise _no_such_trace(trace_id)
        return traces[0]


def checked_prefix(text: str) -> str:
    """Return `text` as the beginning of a trace id, in lower case. Raises InputError for a text that can't be one."""
    prefix = text.strip().lower()
    if not _TRACE_ID.fullmatch(prefix):
        raise InputError(
            f"'{text}' is not a trace id",
            expected="up to 32 hexadecimal digits, such as 4bf92f3577b34da6; `labctl traces` lists them",
        )
    return prefix


def only_one(prefix: str, ids: Iterable[str]) -> str:
    """Return the only id that begins with `prefix`. Raises LookupFailedError for none and for several."""
    matches = sorted({each for each in ids if each.startswith(prefix)})
    if len(matches) > 1:
        raise LookupFailedError(
            f"{len(matches)} traces begin with '{prefix}'",
            expected=f"one, such as {matches[0]}",
            todo="give more digits of the id",
        )
    if not matches:
        raise _no_such_trace(prefix)
    return matches[0]


def _conditions(search: Search, limit: int) -> Params:
    conditions: dict[str, str | int | float] = {
        "service": search.service or _ANY_SERVICE,
        "start": int(search.start * 1e6),
        "end": int(search.end * 1e6),
        "limit": limit,
    }
    if search.operation is not None:
        conditions["operationPart"] = search.operation
    if search.min_duration is not None:
        conditions["minDuration"] = f"{round(search.min_duration * 1e6)}us"
    if search.errors:
        conditions["tags"] = json.dumps({"error": "true"})
    if search.brief:
        conditions["brief"] = "true"
    return conditions


def _no_such_trace(name: str) -> LookupFailedError:
    return LookupFailedError(
        f"no trace has the id '{name}'",
        expected="a trace that is still kept: old ones are dropped",
        todo="`labctl traces` lists the recent ones",
    )
