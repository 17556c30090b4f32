"""PromQL that the measurements share: each yields one number, over the seconds of a window that is theirs to choose."""

from __future__ import annotations

from labctl.model.promql import quantile, share

_CHECKOUTS = 'client_request_duration_seconds_count{job="clients",endpoint="checkout"%s}'
_LOOK_UPS = 'cache_requests_total{job="risk",cache_name="features"%s}'


def checkout_latency(q: float, window: int) -> str:
    """Estimate a quantile of what customers wait for a checkout, in seconds."""
    return quantile(q, "client_request_duration_seconds", 'job="clients",endpoint="checkout"', window)


def failing_checkouts(window: int) -> str:
    """Measure the share of the checkouts that fail, as the clients see it, 0 to 1."""
    return share(_CHECKOUTS % ',outcome="error"', _CHECKOUTS % "", window)


def look_ups(result: str, window: int) -> str:
    """Measure the share of risk's look-ups that are a "hit", or a "miss", 0 to 1."""
    return share(_LOOK_UPS % f',cache_result="{result}"', _LOOK_UPS % "", window)
