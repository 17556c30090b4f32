"""The catalogue, as an explicit list: one module per fault."""

from __future__ import annotations

from faults import (
    acquirer_scheme_errors,
    acquirer_slow_tail,
    gateway_leak_oom,
    history_n_plus_one,
    ledger_poison_message,
    merchant_index_dropped,
    no_fault,
    payments_connection_leak,
    payments_pool_cut,
    reconcile_row_locks,
    redis_evictions,
    redis_link_loss,
    risk_cache_key_regression,
    risk_cache_ttl_cut,
    risk_cpu_throttle,
    risk_timeout_cut,
    whale_merchant,
)
from labctl.model.fault import Fault

FAULTS: tuple[Fault, ...] = (
    risk_cache_ttl_cut.FAULT,
    risk_timeout_cut.FAULT,
    risk_cache_key_regression.FAULT,
    payments_pool_cut.FAULT,
    payments_connection_leak.FAULT,
    history_n_plus_one.FAULT,
    merchant_index_dropped.FAULT,
    whale_merchant.FAULT,
    ledger_poison_message.FAULT,
    reconcile_row_locks.FAULT,
    risk_cpu_throttle.FAULT,
    redis_link_loss.FAULT,
    redis_evictions.FAULT,
    acquirer_slow_tail.FAULT,
    acquirer_scheme_errors.FAULT,
    gateway_leak_oom.FAULT,
    no_fault.FAULT,
)
