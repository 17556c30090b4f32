"""Log lines, through Loki's query API."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from labctl.base.errors import LookupFailedError
from labctl.lookups.http import ApiClient, Document
from labctl.lookups.logql import LineFilter
from labctl.model.samples import Series

_LEVELS = ("level", "detected_level", "severity_text", "severity")
_SERVICES = ("service_name", "service")
_OWN_COLUMNS = frozenset({*_LEVELS, *_SERVICES, "trace_id", "span_id", "request_id", "severity_number"})


@dataclass(frozen=True)
class LogLine:
    """One line; `at` in epoch seconds. Fields that the service left out are empty; `attributes` has the others."""

    at: float
    level: str
    service: str
    message: str
    request_id: str = ""
    trace_id: str = ""
    span_id: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """The newest lines, the oldest first; `is_cut` says that older ones may match too."""

    lines: list[LogLine]
    is_cut: bool


@dataclass(frozen=True)
class Count:
    """How many lines of a level came in the time from `start` (epoch seconds) on."""

    start: float
    level: str
    lines: int


class LokiClient:
    """Queries against the log store. Raises LookupFailedError with its message, LabStateError when it is down."""

    def __init__(self, base_url: str, *, timeout: float = 10.0) -> None:
        self._api = ApiClient(base_url, "the log store", timeout=timeout)

    def services(self) -> list[str]:
        """Return the names of the services that have logged, sorted."""
        return sorted(self._api.get("/loki/api/v1/label/service_name/values").get("data") or ())

    def ready(self) -> bool:
        """Return True when the store answers."""
        self._api.get("/loki/api/v1/status/buildinfo")
        return True

    def search(self, wanted: LineFilter, start: float, end: float, limit: int = 100) -> list[LogLine]:
        """Return the newest `limit` lines from `start` to `end` (epoch seconds), the oldest first."""
        return self.query(wanted.logql(), start, end, limit)

    def query(self, logql: str, start: float, end: float, limit: int = 100) -> list[LogLine]:
        """Return the newest `limit` lines that a LogQL query yields, the oldest first."""
        return self.page(logql, start, end, limit).lines

    def page(self, logql: str, start: float, end: float, limit: int = 100) -> Page:
        """Return the newest lines that a LogQL query yields, and whether there may be more."""
        params: dict[str, str | int | float] = {
            "query": logql,
            "start": int(start * 1e9),
            "end": int(end * 1e9),
            "limit": limit,
            "direction": "backward",
        }
        answer = self._api.get("/loki/api/v1/query_range", params)
        data = answer.get("data") or {}
        if data.get("resultType") != "streams":
            raise LookupFailedError(
                "the query yields figures, not log lines", todo="leave out count_over_time and rate"
            )
        # By the server's nanoseconds: a float of epoch seconds is too coarse to keep lines in their order.
        newest = sorted(_stamped(data), key=lambda stamped: stamped[0], reverse=True)[:limit]
        is_cut = len(newest) == limit or bool(answer.get("warnings"))
        return Page([line for _, line in reversed(newest)], is_cut)

    def counts(self, logql: str, start: float, end: float, bucket_s: float) -> list[Count]:
        """Return how many lines of each level match in each `bucket_s` seconds from `start` to `end`."""
        query = f"sum by (level) (count_over_time({logql} [{math.ceil(bucket_s)}s]))"
        params: dict[str, str | int | float] = {
            "query": query,
            # A point counts what came before it: the first bucket ends one step after the start.
            "start": int((start + bucket_s) * 1e9),
            "end": int(end * 1e9),
            "step": bucket_s,
        }
        data = self._api.get("/loki/api/v1/query_range", params).get("data") or {}
        return [
            Count(float(at) - bucket_s, str(series["metric"].get("level", "")).lower(), int(float(value)))
            for series in data.get("result") or ()
            for at, value in series["values"]
        ]

    def curves(self, logql: str, start: float, end: float, step: float) -> list[Series]:
        """Return the curves of a query for figures, a point every `step` seconds."""
        params: dict[str, str | int | float] = {
            "query": logql,
            "start": int(start * 1e9),
            "end": int(end * 1e9),
            "step": step,
        }
        data = self._api.get("/loki/api/v1/query_range", params).get("data") or {}
        if data.get("resultType") != "matrix":
            raise LookupFailedError("the query yields log lines, not figures", todo="count them: count_over_time")
        return [
            Series(dict(each["metric"]), tuple((float(at), float(value)) for at, value in each["values"]))
            for each in data.get("result") or ()
        ]


def _stamped(data: Document) -> Iterator[tuple[int, LogLine]]:
    for stream in data.get("result") or ():
        for nanoseconds, text, *more in stream["values"]:
            at = int(nanoseconds)
            yield at, _line(at / 1e9, text, {**stream["stream"], **_metadata(more)})


def _metadata(more: list[Document]) -> dict[str, str]:
    """Return the structured metadata that some versions of Loki give beside each line."""
    return dict(more[0].get("structuredMetadata", more[0])) if more else {}


def _line(at: float, text: str, labels: dict[str, str]) -> LogLine:
    # What the service sent about the line counts, not what the line says: a body can't pose as another's line, nor as
    # part of a request. Only where nobody says whose the line is, it speaks for itself.
    body = _json_fields(text)
    if _first(labels, _SERVICES):
        body = {key: value for key, value in body.items() if key not in _OWN_COLUMNS}
    fields = {**body, **labels}
    hidden = _OWN_COLUMNS | ({"message"} if body else set())
    return LogLine(
        at=at,
        level=(_first(labels, _LEVELS) or _first(body, _LEVELS)).lower(),
        service=_first(labels, _SERVICES) or _first(body, _SERVICES),
        message=body.get("message", text),
        request_id=fields.get("request_id", ""),
        trace_id=fields.get("trace_id", ""),
        span_id=fields.get("span_id", ""),
        attributes={key: value for key, value in fields.items() if key not in hidden},
    )


def _json_fields(text: str) -> dict[str, str]:
    """Return the fields of a line that is a JSON object with a message, as services write to their own output."""
    if not text.startswith("{"):
        return {}
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(fields.get("message"), str):
        return {}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()}


def _first(fields: dict[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")
