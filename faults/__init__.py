"""The catalogue, as an explicit list: one module per fault."""

from __future__ import annotations

from faults import risk_cache_ttl_cut
from labctl.fault import Fault

FAULTS: tuple[Fault, ...] = (risk_cache_ttl_cut.FAULT,)
