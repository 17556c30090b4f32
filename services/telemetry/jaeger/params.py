"""The query parameters of /api/traces."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import time_ns

from werkzeug.datastructures import MultiDict

from services.telemetry.durations import parse_duration

MICRO = 1e6
DEFAULT_LIMIT = 100
MAX_LIMIT = 1500
DEFAULT_LOOKBACK_US = 3600 * 1_000_000
MAX_TIME = 2**62
_LOGFMT = re.compile(r'\s*([^\s=]+)=("(?:[^"\\]|\\.)*"|[^\s]*)')


class BadParameterError(Exception):
    """A parameter that is missing or cannot be read; the message is what Jaeger's clients show."""


@dataclass(frozen=True)
class TraceQuery:
    """Traces in which one span of `service` ("*" for any) meets everything; times and durations in microseconds.

    Any service, `operation_part` and `brief` are additions to Jaeger's API: the part of a name, in capitals or not, and
    spans without what only one trace's page shows.
    """

    service: str
    start: int
    end: int
    operation: str = ""
    operation_part: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    min_duration: int | None = None
    max_duration: int | None = None
    limit: int = DEFAULT_LIMIT
    brief: bool = False

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> TraceQuery:
        """Read the parameters; raises BadParameterError."""
        service = args.get("service", "")
        if not service:
            raise BadParameterError("parameter 'service' is required")
        end = integer(args, "end", time_ns() // 1000)
        query = cls(
            service=service,
            start=integer(args, "start", end - DEFAULT_LOOKBACK_US),
            end=end,
            operation=args.get("operation", ""),
            operation_part=args.get("operationPart", ""),
            tags=tags(args.getlist("tags"), args.getlist("tag")),
            min_duration=_duration(args, "minDuration"),
            max_duration=_duration(args, "maxDuration"),
            limit=min(integer(args, "limit", DEFAULT_LIMIT), MAX_LIMIT),
            brief=args.get("brief", "") == "true",
        )
        if None not in (query.min_duration, query.max_duration) and query.max_duration < query.min_duration:  # type: ignore[operator]
            raise BadParameterError("'maxDuration' should be greater than 'minDuration'")
        return query


def integer(args: MultiDict[str, str], name: str, default: int) -> int:
    """Return a whole number from 0; the default when it is absent."""
    text = args.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"\d{1,19}", text, re.ASCII):
        raise BadParameterError(f"unable to parse param '{name}': {text!r} is not a whole number")
    return min(int(text), MAX_TIME)


def trace_id(text: str) -> bytes:
    """Return a trace id as 16 bytes; short ones are padded, as Jaeger's 64-bit ids are."""
    if not re.fullmatch(r"[0-9a-fA-F]{1,32}", text):
        raise BadParameterError(f"malformed trace id {text!r}: expected up to 32 hexadecimal digits")
    return bytes.fromhex(text.zfill(32))


def tags(objects: Sequence[str], pairs: Sequence[str]) -> dict[str, str]:
    """Tags from `tags=` (a JSON object of strings, or logfmt) and `tag=key:value`."""
    found: dict[str, str] = {}
    for text in filter(None, objects):
        found |= _json_tags(text) if text.lstrip().startswith("{") else _logfmt_tags(text)
    for pair in pairs:
        key, separator, value = pair.partition(":")
        if not separator:
            raise BadParameterError(f"malformed 'tag' parameter, expecting key:value, received: {pair}")
        found[key] = value
    if any(not _is_unicode(part) for pair in found.items() for part in pair):
        raise BadParameterError("malformed 'tags' parameter: half of a surrogate pair is no text")
    return found


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _json_tags(text: str) -> dict[str, str]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadParameterError(f"malformed 'tags' parameter, cannot unmarshal JSON: {error}") from None
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in parsed.items()}


def _logfmt_tags(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = 0
    while text[position:].strip():
        match = _LOGFMT.match(text, position)
        if match is None:
            raise BadParameterError(f"malformed 'tags' parameter at position {position + 1}: expected key=value")
        key, value = match.groups()
        found[key] = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
        position = match.end()
    return found


def _duration(args: MultiDict[str, str], name: str) -> int | None:
    text = args.get(name, "")
    if not text:
        return None
    try:
        return min(int(parse_duration(text) * MICRO), MAX_TIME)
    except (ValueError, OverflowError) as error:
        raise BadParameterError(f"unable to parse param '{name}': {error}") from None
