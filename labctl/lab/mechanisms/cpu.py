"""CPU: how much of the machine a service's containers may use.

A limit is a quota of CPU time in every period of the scheduler. A service that uses very little, as on a fast host,
gets its quota in longer periods: the kernel takes no quota below a thousandth of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from labctl.base.errors import LabStateError
from labctl.lab.mechanisms.limits import Limit, LimitsMechanism

PERIOD_US = 100_000
"""The scheduler's usual period, in microseconds: that of the compose file."""
LONGEST_US = 1_000_000
LEAST_QUOTA_US = 2_000
"""The least quota that is set: about the CPU time of one answer."""


class Metrics(Protocol):
    """What limiting needs of a metrics client."""

    def scalar(self, promql: str, at: float | None = None) -> float | None:
        """Return a number, or None when there is no data."""
        ...


@dataclass(frozen=True)
class Cpu(LimitsMechanism):
    """The CPU of the lab's services."""

    name: ClassVar[str] = "cpu"
    metrics: Metrics

    def limit(self, service: str, share: float) -> None:
        """Let a service use only this share of the CPU that it uses now, as on a host that has less to give.

        Not in the feed: nobody announces that. Raises LabStateError without figures of its use, NotFoundError for no
        container, EngineError.
        """
        used = self.metrics.scalar(in_use(service))
        if not used:
            raise LabStateError(f"there are no figures of the CPU that {service} uses", todo="see `labctl status`")
        self._cut(service, limit_of(used * share))

    def allow(self, service: str, cores: float) -> None:
        """Let each container of a service use so many cores. Raises NotFoundError for no container, EngineError."""
        self._cut(service, limit_of(cores))

    def read(self, host_config: Mapping[str, Any]) -> Limit:
        """Return a container's limit, from its HostConfig."""
        return _limit(int(host_config["CpuQuota"]), int(host_config["CpuPeriod"]))


def in_use(service: str) -> str:
    """Return the PromQL query for the cores that a service uses."""
    return f'sum(rate(container_cpu_usage_seconds_total{{service="{service}"}}[20s]))'


def limit_of(cores: float) -> Limit:
    """Return the limit for so many cores: in the usual period, or in a longer one when the quota would be too small."""
    period = min(LONGEST_US, max(PERIOD_US, round(LEAST_QUOTA_US / max(cores, 1e-6))))
    return _limit(max(1_000, round(cores * period)), period)


def _limit(quota: int, period: int) -> Limit:
    """Return the limit of so much CPU time in every period, both in microseconds."""
    return {"cpu-period": period, "cpu-quota": quota}
