"""What changed between two looks at the pages: which began to fire, and which don't fire any more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from labctl.model.samples import Alert

Key = tuple[str, ...]


@dataclass(frozen=True)
class AlertChange:
    """An alert that began to fire, or that does not fire any more."""

    alert: Alert
    fires: bool


def keyed(alerts: Iterable[Alert]) -> dict[Key, Alert]:
    """Return alerts by what tells them apart: the name and the labels."""
    return {_key(each): each for each in alerts}


def changes(before: Mapping[Key, Alert], after: Mapping[Key, Alert]) -> Iterator[AlertChange]:
    """Yield what changed, what resolved first."""
    yield from (AlertChange(alert, fires=False) for key, alert in before.items() if key not in after)
    yield from (AlertChange(alert, fires=True) for key, alert in after.items() if key not in before)


def _key(alert: Alert) -> Key:
    return (alert.name, *(f"{name}={value}" for name, value in sorted(alert.labels.items())))
