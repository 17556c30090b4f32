"""What telemetry reads from its environment."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.common.settings import SettingError
from services.common.settings import Settings as Env

VERSION_FILE = Path(__file__).with_name("VERSION")
MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """Telemetry's settings; every one has a default that suits a lab."""

    store_path: Path = Path("/tmp/telemetry/store.db")  # noqa: S108 - a container of its own, and the data are disposable
    retention_seconds: int = 3600
    store_max_bytes: int = 300_000_000
    max_body_bytes: int = 8 * MIB
    queue_max_bytes: int = 16 * MIB
    query_seconds: float = 10.0
    heavy_queries: int = 2
    """How many may run at once."""
    heavy_waiting: int = 4
    instance_ttl_seconds: float = 10.0
    """An instance that has not exported for so long is gone, and its series with it."""
    query_port: int = 0
    """The port that takes no telemetry, only questions; 0 for none."""
    fog_file: Path | None = None
    """The levels of fog, and the one in force; the file may be replaced at any time. None: everything is clear."""
    forward_endpoint: str = ""
    forward_headers: Mapping[str, str] = field(default_factory=dict)
    service_version: str = field(default_factory=lambda: VERSION_FILE.read_text().strip())
    instance: str = field(default_factory=socket.gethostname)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the environment. Raises SettingError that names the variable and what it should hold."""
        read = Env(env)
        return cls(
            store_path=Path(read.text("STORE_PATH", str(cls.store_path))),
            retention_seconds=read.integer("RETENTION_SECONDS", cls.retention_seconds, low=1),
            store_max_bytes=read.integer("STORE_MAX_BYTES", cls.store_max_bytes, low=MIB, high=2**40),
            query_port=read.integer("QUERY_PORT", cls.query_port, low=0, high=65_535),
            fog_file=Path(path) if (path := read.text("FOG_FILE", "")) else None,
            forward_endpoint=_endpoint(read),
            forward_headers=_headers(read),
        )


def _endpoint(read: Env) -> str:
    text = read.text("FORWARD_OTLP_ENDPOINT", "")
    if text and not text.startswith(("http://", "https://")):
        raise SettingError(f"FORWARD_OTLP_ENDPOINT must start with http:// or https://, not {text!r}")
    return text.rstrip("/")


def _headers(read: Env) -> dict[str, str]:
    """`name=value,name=value`, as OTEL_EXPORTER_OTLP_HEADERS is written; values may be secret and stay unquoted."""
    headers: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in read.text("FORWARD_OTLP_HEADERS", "").split(","))):
        name, separator, value = pair.partition("=")
        if not separator or not name.strip():
            raise SettingError("FORWARD_OTLP_HEADERS must read name=value,name=value; a part has no '='")
        headers[name.strip()] = value.strip()
    return headers
