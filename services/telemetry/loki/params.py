"""The query parameters of Loki's API."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from time import time_ns

from services.telemetry.durations import parse_duration
from services.telemetry.loki.search import Window
from services.telemetry.loki.syntax import LogQuery

NANO = 10**9
HOUR = 3600 * NANO
MAX_TIME = 2**62
DEFAULT_LIMIT = 100
MAX_LIMIT = 5000
MAX_POINTS = 11_000
DEFAULT_POINTS = 250
_FRACTION = re.compile(r"\.(\d+)")


class BadRequestError(Exception):
    """A parameter that cannot be read; the message names it."""


def moment(text: str, name: str) -> int:
    """Nanoseconds since the epoch of an integer (ns; seconds up to ten digits), float seconds or an RFC 3339 time."""
    if re.fullmatch(r"-?\d{1,20}", text, re.ASCII):
        return _bounded(int(text) * (NANO if len(text) <= 10 else 1))
    if re.fullmatch(r"-?\d{1,20}\.\d*([eE][+-]?\d{1,3})?", text, re.ASCII):
        seconds = float(text)
        return _bounded(int(min(max(seconds, -1e10), 1e10) * NANO))
    try:
        # datetime keeps microseconds; what is finer is added back.
        fraction = _FRACTION.search(text)
        whole = datetime.fromisoformat(_FRACTION.sub("", text, count=1).replace("Z", "+00:00"))
        seconds_part = int((whole if whole.tzinfo else whole.replace(tzinfo=UTC)).timestamp())
        return _bounded(seconds_part * NANO + int((fraction[1] if fraction else "0").ljust(9, "0")[:9]))
    except (ValueError, OverflowError):
        message = f"could not parse '{name}' parameter {text!r}: expected nanoseconds, seconds or RFC 3339"
        raise BadRequestError(message) from None


def _bounded(time: int) -> int:
    return max(min(time, MAX_TIME), 0)


def window(args: Mapping[str, str]) -> Window:
    """`start` and `end`, or `since`; the last hour without them."""
    end = moment(args["end"], "end") if args.get("end") else time_ns()
    since = int(seconds_of(args["since"], "since") * NANO) if args.get("since") else HOUR
    start = moment(args["start"], "start") if args.get("start") else max(end - since, 0)
    if end < start:
        raise BadRequestError("end timestamp must not be before or equal to start time")
    return Window(start, end)


def steps(args: Mapping[str, str], over: Window) -> list[int]:
    """Return the times (ns) at which a range query is evaluated."""
    step_ns = step(args, over)
    if (over.end - over.start) // step_ns > MAX_POINTS:
        message = f"exceeded maximum resolution of {MAX_POINTS:,} points per time series"
        raise BadRequestError(f"{message}. Try increasing the value of the step parameter")
    return list(range(over.start, over.end + 1, step_ns))


def step(args: Mapping[str, str], over: Window) -> int:
    """Return how far apart (ns) the times of a range query are."""
    if not args.get("step"):
        return max(math.ceil((over.end - over.start) / NANO / DEFAULT_POINTS), 1) * NANO
    step_ns = int(seconds_of(args["step"], "step") * NANO)
    if step_ns <= 0:
        raise BadRequestError("zero or negative query resolution step widths are not accepted. Try a positive integer")
    return step_ns


def seconds_of(text: str, name: str) -> float:
    """Seconds of a number or a duration, at most a thousand years."""
    try:
        seconds = float(text) if re.fullmatch(r"-?\d{1,20}(\.\d*)?", text, re.ASCII) else parse_duration(text)
    except ValueError:
        message = f"could not parse '{name}' parameter {text!r}: expected seconds or a duration such as 30s"
        raise BadRequestError(message) from None
    return min(seconds, MAX_TIME / NANO)


def target_labels(args: Mapping[str, str], query: LogQuery) -> tuple[str, ...]:
    """Return the labels by which volumes are added up: `targetLabels`, or those that the query selects by."""
    asked = tuple(name for name in args.get("targetLabels", "").split(",") if name)
    return asked or tuple(dict.fromkeys(matcher.label for matcher in query.matchers)) or ("service_name",)


def limit(args: Mapping[str, str]) -> int:
    """How many entries are wanted."""
    text = args.get("limit") or str(DEFAULT_LIMIT)
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) == 0:
        raise BadRequestError(f"could not parse 'limit' parameter {text!r}: expected a positive value")
    if int(text) > MAX_LIMIT:
        raise BadRequestError(
            f"max entries limit per query exceeded, limit > max_entries_limit_per_query ({text} > {MAX_LIMIT})"
        )
    return int(text)


def is_backward(args: Mapping[str, str]) -> bool:
    """Whether the newest entries come first."""
    text = (args.get("direction") or "backward").lower()
    if text not in ("backward", "forward"):
        raise BadRequestError(f"invalid direction {text!r}: expected forward or backward")
    return text == "backward"
