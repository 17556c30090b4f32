"""The settings files of a lab, KEY=VALUE lines with comments: its services' configuration, its lab.env.

lab.env (0600) has the values of the compose files' variables: ports, passwords, versions, the load.
"""

from __future__ import annotations

import difflib
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from labctl.base.errors import NotFoundError
from labctl.base.private_files import make_private_dir, write_private
from labctl.model.deployed import Deployed
from labctl.state.store import LabRecord

LAB_ENV = "lab.env"
PASSWORDS = (
    "PAYMENTS_DB_PASSWORD",
    "RISK_DB_PASSWORD",
    "LEDGER_DB_PASSWORD",
    "JOBS_DB_PASSWORD",
    "MONITOR_DB_PASSWORD",
    "OBSERVER_DB_PASSWORD",
    "REDIS_PASSWORD",
    "LIVE_API_KEY",
)
"""The passwords of one lab: made once, kept in its lab.env, printed only where a learner needs one.

The last is the key by which the gateway tells the clients' requests from everybody else's."""
GRAFANA, OFF = "GRAFANA", "off"
"""What lab.env says of a lab that is to have no Grafana."""
_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")


def parse(text: str) -> dict[str, str]:
    """Return the settings of a file's text; a key that is there twice has its last value."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return {match[1]: match[2] for match in found if match}


def render(settings: Mapping[str, str]) -> str:
    """Return a file's text with one line per setting."""
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def with_value(text: str, key: str, value: str) -> str:
    """Return `text` with the key's line changed, comments and order kept; a new key goes to the end."""
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if line.strip().startswith(f"{key}=")]
    for number in places:
        lines[number] = f"{key}={value}"
    return "".join(f"{line}\n" for line in (lines if places else [*lines, f"{key}={value}"]))


def unified_diff(old: str, new: str, path: str) -> str:
    """Return the change between two texts of one file as a unified diff; empty when they are alike."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", n=2, lineterm="")
    return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True)
class ConfigurationFiles:
    """A lab's copy of its services' configuration, in `folder`; it begins as a copy of the files in `defaults`."""

    folder: Path
    defaults: Path

    def prepare(self) -> None:
        """Copy every shipped file that the lab does not have yet."""
        make_private_dir(self.folder)
        for shipped in self.defaults.glob("*.env"):
            if not (self.folder / shipped.name).exists():
                write_private(self.folder / shipped.name, shipped.read_text(encoding="utf-8"))

    def services(self) -> list[str]:
        """Return the services that can be configured, sorted."""
        return sorted(path.stem for path in self.defaults.glob("*.env"))

    def text(self, service: str) -> str:
        """Return the lab's file of a service. Raises NotFoundError with the nearest service."""
        path = self.folder / f"{self._known(service)}.env"
        return path.read_text(encoding="utf-8") if path.exists() else self.shipped(service)

    def shipped(self, service: str) -> str:
        """Return the file that the service was shipped with."""
        return (self.defaults / f"{self._known(service)}.env").read_text(encoding="utf-8")

    def settings(self, service: str) -> dict[str, str]:
        """Return the service's settings."""
        return parse(self.text(service))

    def setting(self, service: str, key: str) -> str:
        """Return one setting's value. Raises NotFoundError with the nearest service or setting."""
        known = self.settings(service)
        if key not in known:
            raise NotFoundError(f"setting of {service}", key, known)
        return known[key]

    def write(self, service: str, text: str) -> None:
        """Replace the lab's file of a service."""
        write_private(self.folder / f"{self._known(service)}.env", text)

    def _known(self, service: str) -> str:
        if service not in self.services():
            raise NotFoundError("configurable service", service, self.services())
        return service


def read_lab_env(folder: Path) -> dict[str, str]:
    """Return the values in a lab's lab.env; empty when there is no file yet."""
    path = folder / LAB_ENV
    return parse(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_lab_env(folder: Path, values: Mapping[str, str]) -> None:
    """Replace a lab's lab.env."""
    write_private(folder / LAB_ENV, render(values))


def lab_env(record: LabRecord, folder: Path, releases: Mapping[str, Deployed]) -> dict[str, str]:
    """Return the values of lab.env for a record; passwords are kept, or made, and need no quoting in a URL.

    `releases` has the newest release of every service that runs another version than its source's.
    """
    known = read_lab_env(folder)
    return {
        "LAB_DIR": str(folder),
        "BIND_ADDRESS": record.bind,
        "TARGET_RPS": f"{record.rps:g}",
        "LOAD_SEED": str(record.seed),
        **({} if record.grafana else {GRAFANA: OFF}),
        **{f"{name.upper()}_PORT": str(port) for name, port in asdict(record.ports).items()},
        **{f"{service.upper()}_VERSION": each.version for service, each in releases.items()},
        **{f"{service.upper()}_TAG": each.image_tag for service, each in releases.items()},
        **{name: known.get(name) or secrets.token_hex(16) for name in PASSWORDS},
    }
