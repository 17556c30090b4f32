"""A lab: one isolated running stack, and the only door through which a fault touches it."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

from labctl import env_file, paths
from labctl.changes import Change, NewChange
from labctl.configuration import Configuration
from labctl.errors import LabctlError, NotFoundError
from labctl.journal import LOOK_UP, Journal
from labctl.lookups.prometheus import PrometheusClient
from labctl.names import check_name, project_of
from labctl.state import LabRecord, LabStore

RESTORER = "on-call"


class Rollouts(Protocol):
    """What changing a service needs of the stack."""

    def rollout(self, service: str) -> None:
        """Replace a service's container by one with the present configuration; return when it serves."""


class Lab:
    """One lab, by name; cheap to make, opens nothing until it is asked."""

    def __init__(self, name: str) -> None:
        self.name = check_name(name)
        self.project = project_of(name)
        self.folder = paths.lab_dir(name)
        self.store = LabStore(self.folder)
        self.configuration = Configuration(self.folder / "config", paths.bundle_root() / "compose" / "config")

    @classmethod
    def open(cls, name: str) -> Lab:
        """Return a lab that `up` made. Raises NotFoundError with the nearest one, InputError for no name at all."""
        lab = cls(name)
        if not lab.store.exists:
            raise NotFoundError("lab", name, paths.lab_names(), todo="start it: labctl up" + _name_flag(name))
        return lab

    @property
    def record(self) -> LabRecord:
        """What the lab is: ports, rate, seed, status; read anew each time."""
        return self.store.record

    @property
    def rps(self) -> float:
        """The load that the clients aim at, in requests per second."""
        return self.record.rps

    @property
    def journal(self) -> Journal:
        """The append-only record of everything that happened."""
        return self.store.journal

    @cached_property
    def metrics(self) -> PrometheusClient:
        """The lab's Prometheus."""
        return PrometheusClient(self.url(self.record.ports.prometheus))

    @cached_property
    def stack(self) -> Rollouts:
        """The lab's containers."""
        raise LabctlError("no stack yet")

    def url(self, port: int) -> str:
        """Return the address of a published port, as seen from this host."""
        bind = self.record.bind
        host = "127.0.0.1" if bind == "0.0.0.0" else bind  # noqa: S104 - compared, not bound
        return f"http://{host}:{port}"

    def looked_up(self, command: str, **asked: object) -> None:
        """Record that the learner looked at something; works while another command holds the lab."""
        self.journal.append(LOOK_UP, {"command": command, **asked})

    def config(self, service: str) -> dict[str, str]:
        """Return a service's settings. Raises NotFoundError with the nearest service."""
        return self.configuration.settings(service)

    def change_config(self, service: str, key: str, value: str, *, author: str, summary: str) -> Change | None:
        """Change one setting and roll the service out; None when it has that value. Raises NotFoundError for the key.

        The change is in the feed as `author` would describe it.
        """
        text = self.configuration.text(service)
        settings = env_file.parse(text)
        if key not in settings:
            raise NotFoundError(f"setting of {service}", key, settings)
        changed = env_file.with_value(text, key, value)
        return self._apply(service, changed, summary=summary, author=author)

    def restore_config(self, service: str, *, author: str = RESTORER, summary: str = "") -> Change | None:
        """Give a service the configuration it was shipped with; None, and nothing touched, when it runs with that."""
        return self._apply(
            service, self.configuration.shipped(service), summary=summary or "Restore configuration", author=author
        )

    def _apply(self, service: str, text: str, *, summary: str, author: str) -> Change | None:
        before = self.configuration.text(service)
        unfinished = f"rollout:{service}"
        if text == before and self.store.get(unfinished) is None:
            return None
        # A process killed between the file and the roll-out leaves the mark: the next change finishes the roll-out.
        self.store.set(unfinished, {})
        self.configuration.write(service, text)
        change = self.store.changes.add(_config_change(service, before, text, summary, author))
        self.stack.rollout(service)
        self.store.unset(unfinished)
        return change


def _config_change(service: str, before: str, after: str, summary: str, author: str) -> NewChange:
    old, new = env_file.parse(before), env_file.parse(after)
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return NewChange(
        kind="configuration",
        component=service,
        summary=summary,
        old=_settings_text(old, keys),
        new=_settings_text(new, keys),
        author=author,
        detail=env_file.unified_diff(before, after, f"config/{service}.env"),
    )


def _settings_text(settings: dict[str, str], keys: list[str]) -> str:
    return " ".join(f"{key}={settings[key]}" for key in keys if key in settings)


def _name_flag(name: str) -> str:
    return "" if name == "lab" else f" --name {name}"
