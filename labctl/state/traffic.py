"""What the clients' traffic is to be, beside the usual: the file that they follow while they run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from labctl.base.errors import InputError, NotFoundError
from labctl.base.shared_files import write_shared

ENDPOINTS = ("checkout", "lookup", "history", "refund")
"""What the clients ask for, as their metrics call it."""
MOST = 20.0
"""The clients take no larger factor (loadgen/traffic.py)."""


@dataclass(frozen=True)
class Traffic:
    """How many times the usual rate there is, and how many times as often as usual each endpoint is asked.

    Raises NotFoundError for an endpoint, InputError for a factor that is not from 0 to MOST.
    """

    rate: float = 1.0
    endpoints: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.endpoints:
            if name not in ENDPOINTS:
                raise NotFoundError("endpoint", name, ENDPOINTS)
        for factor in (self.rate, *self.endpoints.values()):
            if not 0 <= factor <= MOST:
                raise InputError(f"traffic cannot be {factor:g} times the usual", expected=f"from 0 to {MOST:g} times")


@dataclass(frozen=True)
class TrafficFile:
    """A lab's file of it; without one the traffic is as usual."""

    path: Path

    def read(self) -> Traffic:
        """Return what the file says."""
        return Traffic(**json.loads(self.path.read_text(encoding="utf-8"))) if self.path.exists() else Traffic()

    def write(self, traffic: Traffic) -> None:
        """Replace the file; the clients follow within seconds."""
        write_shared(self.path, json.dumps(asdict(traffic), indent=2) + "\n")
