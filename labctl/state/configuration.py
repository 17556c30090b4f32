"""A lab's own copy of its services' configuration: one commented KEY=VALUE file per service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import NotFoundError
from labctl.base.private_files import make_private_dir, write_private
from labctl.state import env_file


@dataclass(frozen=True)
class Configuration:
    """The files in `folder`, and the shipped ones in `defaults` that they began as."""

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
        return env_file.parse(self.text(service))

    def write(self, service: str, text: str) -> None:
        """Replace the lab's file of a service."""
        write_private(self.folder / f"{self._known(service)}.env", text)

    def _known(self, service: str) -> str:
        if service not in self.services():
            raise NotFoundError("configurable service", service, self.services())
        return service
