"""Prometheus's lists of names, within bounds: what an editor completes from."""

from __future__ import annotations

import time
from dataclasses import dataclass

from labctl.base.errors import LookupFailedError
from labctl.lookups.http import ApiClient, Document

NAME = r"[a-zA-Z_][a-zA-Z0-9_]{0,199}"
SINCE_S = 3600.0
"""Names of series that ended before are not completed."""
MOST = 5000
"""Names in one answer."""
ANSWER_S = 5.0


@dataclass(frozen=True)
class Description:
    """What a service says of a metric."""

    type: str
    help: str


class MetricNames:
    """The names in one Prometheus. Raises LookupFailedError with its message, LabStateError when it is down."""

    def __init__(self, base_url: str) -> None:
        self._api = ApiClient(base_url, "Prometheus", timeout=ANSWER_S)

    def labels(self, selector: str) -> list[str]:
        """Return the labels of the series that a selector finds, of all without one."""
        return _texts(self._asked("labels", selector))

    def values(self, label: str, selector: str) -> list[str]:
        """Return the values of a label among the series that a selector finds."""
        return _texts(self._asked(f"label/{label}/values", selector))

    def series(self, selector: str) -> list[dict[str, str]]:
        """Return the labels of each series that a selector finds."""
        found = self._asked("series", selector)
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def descriptions(self) -> dict[str, list[Description]]:
        """Return type and help of each metric, as often as services disagree."""
        found = _data(self._api.get("/api/v1/metadata", {"limit": MOST}))
        told = found.items() if isinstance(found, dict) else ()
        return {name: [Description(each["type"], each["help"]) for each in said] for name, said in told}

    def features(self) -> str:
        """Return what else it was told to understand, separated by commas."""
        found = _data(self._api.get("/api/v1/status/flags"))
        return str(found.get("enable-feature", "")) if isinstance(found, dict) else ""

    def _asked(self, what: str, selector: str) -> object:
        now = time.time()
        asked: dict[str, str | int | float] = {"start": f"{now - SINCE_S:.0f}", "end": f"{now:.0f}", "limit": MOST}
        return _data(self._api.get(f"/api/v1/{what}", {**asked, **({"match[]": selector} if selector else {})}))


def _data(answer: Document) -> object:
    if answer.get("status") != "success":
        raise LookupFailedError(f"Prometheus refused the question: {answer.get('error', 'unexpected answer')}")
    return answer.get("data")


def _texts(found: object) -> list[str]:
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
