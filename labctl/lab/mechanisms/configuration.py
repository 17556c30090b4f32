"""Configuration: settings of a service, changed in its file and rolled out, as an operator does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.lab.mechanisms.mechanism import RESTORER, Mechanism
from labctl.state import settings
from labctl.state.change_feed import Change, NewChange
from labctl.state.settings import ConfigurationFiles
from labctl.state.undo_log import Entry

RESTORED = "Restore configuration"


@dataclass(frozen=True)
class SettingsMechanism(Mechanism):
    """A mechanism that changes settings in a service's file. An undo entry has a setting's key and its old value."""

    files: ConfigurationFiles

    def _note_setting(self, service: str, key: str, value: str) -> bool:
        """Whether `value` is new; notes the old value in the undo log then. Raises NotFoundError with the nearest."""
        before = self.files.setting(service, key)
        if before == value:
            return False
        self._note(service, {"key": key, "value": before})
        return True

    def _roll_out(self, service: str, values: Mapping[str, str], author: str, summary: str) -> Change | None:
        """Write settings and roll the service out; the feed gets an entry if there is an author, and a difference."""
        before = after = self.files.text(service)
        for key, value in values.items():
            after = settings.with_value(after, key, value)
        self.files.write(service, after)
        added = None
        if author and before != after:
            # Before the roll-out: the entry has the time at which its author began.
            added = self.store.changes.add(entry_of(service, before, after, author, summary))
        self.stack.rollout(service)
        return added

    @staticmethod
    def _before(entries: Sequence[Entry]) -> dict[str, dict[str, str]]:
        """Return the settings to restore, by service; one that was changed twice has its oldest value."""
        found: dict[str, dict[str, str]] = {}
        for entry in entries:
            found.setdefault(entry.subject, {})[entry.before["key"]] = entry.before["value"]
        return found


@dataclass(frozen=True)
class Configuration(SettingsMechanism):
    """The configuration of the lab's services."""

    name: ClassVar[str] = "configuration"

    def change(self, service: str, key: str, value: str, *, author: str, summary: str) -> Change | None:
        """Change one setting and roll the service out; None when it has that value already.

        The feed gets an entry with `author` and `summary`. Raises NotFoundError for service and key.
        """
        if not self._note_setting(service, key, value):
            return None
        return self._roll_out(service, {key: value}, author, summary)

    def settings(self, service: str) -> dict[str, str]:
        """Return a service's settings. Raises NotFoundError with the nearest service."""
        return self.files.settings(service)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore the settings' values."""
        for service, values in self._before(entries).items():
            self._roll_out(service, values, RESTORER, RESTORED)


def entry_of(service: str, before: str, after: str, author: str, summary: str) -> NewChange:
    """Return the feed's entry for the change of a service's file from one text to another."""
    old, new = settings.parse(before), settings.parse(after)
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return NewChange(
        kind="configuration",
        component=service,
        summary=summary,
        old=_listed(old, keys),
        new=_listed(new, keys),
        author=author,
        detail=settings.unified_diff(before, after, f"config/{service}.env"),
    )


def _listed(known: Mapping[str, str], keys: Sequence[str]) -> str:
    return " ".join(f"{key}={known[key]}" for key in keys if key in known)
