"""PromQL queries that the measurements share: each yields one number over the last `window` seconds."""

from __future__ import annotations

from labctl.model.promql import quantile, share

_CHECKOUTS = 'client_request_duration_seconds_count{job="clients",endpoint="checkout"%s}'
_LOOK_UPS = 'cache_requests_total{job="risk",cache_name="features"%s}'


def checkout_latency(q: float, window: int) -> str:
    """Return a query for a quantile of the seconds that clients wait for a checkout."""
    return quantile(q, "client_request_duration_seconds", 'job="clients",endpoint="checkout"', window)


def failing_checkouts(window: int) -> str:
    """Return a query for the share of the clients' checkouts that fail, 0 to 1."""
    return share(_CHECKOUTS % ',outcome="error"', _CHECKOUTS % "", window)


def checkouts(window: int) -> str:
    """Return a query for how many checkouts the clients made."""
    return _increase(_CHECKOUTS % "", window)


def failed_checkouts(window: int) -> str:
    """Return a query for how many of the clients' checkouts failed; no data where none ever did."""
    return _increase(_CHECKOUTS % ',outcome="error"', window)


def look_ups(result: str, window: int) -> str:
    """Return a query for the share of risk's cache look-ups with the `result` "hit" or "miss", 0 to 1."""
    return share(_LOOK_UPS % f',cache_result="{result}"', _LOOK_UPS % "", window)


def _increase(series: str, window: int) -> str:
    return f"sum(increase({series}[{window}s]))"
