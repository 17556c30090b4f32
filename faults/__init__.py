"""The catalogue, as an explicit list: one module per fault."""

from __future__ import annotations

from faults import (
    acquirer_scheme_errors,
    acquirer_slow_tail,
    no_fault,
    redis_evictions,
    redis_link_loss,
    risk_cache_ttl_cut,
    risk_cpu_throttle,
)
from labctl.fault import Fault

FAULTS: tuple[Fault, ...] = (
    risk_cache_ttl_cut.FAULT,
    risk_cpu_throttle.FAULT,
    redis_link_loss.FAULT,
    redis_evictions.FAULT,
    acquirer_slow_tail.FAULT,
    acquirer_scheme_errors.FAULT,
    no_fault.FAULT,
)
