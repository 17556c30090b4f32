"""The addresses at which this host reaches a lab's published ports, and the lab's passwords."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import LabStateError
from labctl.state.settings import read_lab_env
from labctl.state.store import LabRecord

EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, not bound


@dataclass(frozen=True)
class Addresses:
    """The addresses of one lab."""

    folder: Path
    record: LabRecord

    @property
    def host(self) -> str:
        """The address at which this host reaches published ports."""
        return "127.0.0.1" if self.record.bind == EVERYWHERE else self.record.bind

    @property
    def gateway(self) -> str:
        """The public API."""
        return self._url(self.record.ports.gateway)

    @property
    def prometheus(self) -> str:
        """The metrics."""
        return self._url(self.record.ports.prometheus)

    @property
    def telemetry(self) -> str:
        """Traces and logs."""
        return self._url(self.record.ports.telemetry)

    @property
    def grafana(self) -> str:
        """Grafana, in a lab that has it."""
        return self._url(self.record.ports.grafana)

    @property
    def postgres(self) -> str:
        """The database, as the role that can only look; without its password."""
        return f"postgresql://observer@{self.host}:{self.record.ports.postgres}/payments"

    def password(self, variable: str) -> str:
        """Return one of the lab's passwords, such as OBSERVER_DB_PASSWORD. Raises LabStateError where there is none."""
        try:
            return read_lab_env(self.folder)[variable]
        except KeyError as error:
            raise LabStateError(f"the lab '{self.record.name}' has no {variable}", todo="run `labctl up`") from error

    def _url(self, port: int) -> str:
        return f"http://{self.host}:{port}"
