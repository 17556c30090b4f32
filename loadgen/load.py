"""One load: its settings, and what its users share."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from loadgen.client_metrics import ClientMetrics
from loadgen.drift import Drift
from loadgen.population import BackOffices, Customers
from loadgen.recent import RecentPayments
from loadgen.traffic import USUAL, Traffic
from services.common import origin
from services.common.settings import Settings


@dataclass(frozen=True)
class LoadSettings:
    """Requests per second on average, the seed of everything that is drawn, where risk says that it is warm.

    `traffic_file` says how the traffic differs from that; without one it doesn't. By `api_key`, services know that a
    request is a customer's.
    """

    rps: float
    seed: int
    risk_url: str = ""
    traffic_file: Path = Path("/run/clients/plan")
    api_key: str = field(default="", repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> LoadSettings:
        """Read TARGET_RPS (20), LOAD_SEED (1), RISK_URL (none: it is not waited for), TRAFFIC_FILE, LIVE_API_KEY.

        Raises SettingError.
        """
        settings = Settings(env)
        return cls(
            rps=settings.number("TARGET_RPS", 20.0, low=0.1, high=1000.0),
            seed=settings.integer("LOAD_SEED", 1),
            risk_url=settings.text("RISK_URL", ""),
            traffic_file=Path(settings.text("TRAFFIC_FILE", str(cls.traffic_file))),
            api_key=settings.text(origin.SETTING, ""),
        )


@dataclass
class Load:
    """What all users of one load have in common."""

    settings: LoadSettings
    metrics: ClientMetrics
    recent: RecentPayments = field(default_factory=RecentPayments)
    traffic: Traffic = USUAL
    customers: Customers = field(init=False)
    back_offices: BackOffices = field(init=False)
    _ordinals: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.customers = Customers(self.settings.seed)
        self.back_offices = BackOffices(self.settings.seed)

    def rng(self) -> random.Random:
        """Return the next user's own source of chance: the n-th user of a seed always draws the same."""
        return random.Random(f"{self.settings.seed}/{next(self._ordinals)}")

    def drift(self) -> Drift:
        """Return how this load's rate drifts."""
        return Drift(self.settings.seed)
