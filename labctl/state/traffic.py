"""How the clients' traffic differs from the usual: a file that the clients follow while they run.

Nobody announces what customers do, so the file does not either: it is sealed, always there, of one size and one date.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.base.shared_files import write_undated
from labctl.state.sealing import seal, unseal

ENDPOINTS = ("checkout", "lookup", "history", "refund")
"""The clients' kinds of request, as their metrics name them."""
MOST = 20.0
"""The clients take no larger factor (loadgen/traffic.py)."""
_ROOM = 250
"""Every text is made as long as the longest, so that its length tells nothing."""


@dataclass(frozen=True)
class Traffic:
    """Factors, 1 for the usual: `rate` on all requests, `endpoints` on how often each endpoint is called.

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
    """A lab's traffic file; without it the traffic is as usual."""

    path: Path

    def prepare(self) -> None:
        """Write the usual traffic where the lab has no file."""
        if not self.path.exists():
            self.write(Traffic())

    def read(self) -> Traffic:
        """Return the traffic in the file. Raises LabStateError when the file was damaged."""
        if not self.path.exists():
            return Traffic()
        try:
            return Traffic(**json.loads(unseal(self.path.read_text(encoding="utf-8"))))
        except (ValueError, TypeError, AttributeError, InputError) as error:
            raise LabStateError(
                f"{self.path} cannot be read: {error}",
                expected="factors of the clients' requests",
                todo="remove it: the traffic is then as usual",
            ) from error

    def write(self, traffic: Traffic) -> None:
        """Replace the file; the clients follow within seconds."""
        write_undated(self.path, seal(json.dumps(asdict(traffic)).ljust(_ROOM)))
