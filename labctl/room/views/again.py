"""The address at which a look-up can be asked again: its view, with what was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, url_for

from labctl.actions.pins import Seen

Given = Mapping[str, Any]
_SERVICE = re.compile(r'service_name="([a-z]+)"')
_TRACE = re.compile(r'trace_id="([0-9a-f]+)"')
_NUMBER = re.compile(r"#(\d{1,6}) ")


def address(look: Seen) -> str | None:
    """Return where a look-up can be asked again; None where the room has no view for it."""
    view, values = _ADDRESSES.get(look.command, _plainly)(look.given)
    name = f"room.{view or look.command}"
    if name not in current_app.view_functions:
        return None
    return url_for(name, **{key: value for key, value in values.items() if value})


def number_in(text: str) -> int | None:
    """Return the number of the look-up that a text begins with, such as "#7 metrics up"."""
    found = _NUMBER.match(text + " ")
    return int(found[1]) if found else None


def _logs(given: Given) -> tuple[str, dict[str, Any]]:
    query, evidence = str(given.get("query", "")), str(given.get("evidence") or "")
    service, trace = _SERVICE.search(query), _TRACE.search(query)
    grep = evidence.removeprefix("log:")
    if service:
        grep = grep.removeprefix(f"{{{service[1]}}} ")
    since = str(given.get("since", ""))
    values = {"service": service and service[1], "trace": trace and trace[1], "grep": grep}
    return "logs", {**values, "since": since if re.fullmatch(r"\d+[smh]", since) else ""}


def _traces(given: Given) -> tuple[str, dict[str, Any]]:
    asked = {name: given.get(name) for name in ("service", "operation", "min_ms", "since")}
    return "traces", {**asked, "errors": "1" if given.get("errors") else ""}


def _trace(given: Given) -> tuple[str, dict[str, Any]]:
    found = re.fullmatch(r"[0-9a-f]{1,32}", str(given.get("id", "")))
    return ("trace", {"trace_id": found[0]}) if found else ("traces", {})


def _plainly(_given: Given) -> tuple[str, dict[str, Any]]:
    return "", {}


_ADDRESSES: Mapping[str, Callable[[Given], tuple[str, dict[str, Any]]]] = {
    "metrics": lambda given: ("metrics", {"query": given.get("query"), "range": given.get("range")}),
    "logs": _logs,
    "traces": _traces,
    "trace": _trace,
    "changes": lambda given: ("changes", {"since": given.get("since")}),
    "diff": lambda given: ("changes", {"component": given.get("service")}),
    "runbook": lambda _given: ("page", {}),
    "effect": lambda _given: ("notebook_mitigations", {}),
    "try": _plainly,
}
