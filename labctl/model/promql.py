"""The few shapes of PromQL that probes are made of. Every one yields a single number, and nothing when data is missing.

`or vector(0)` is avoided on purpose: it would turn missing telemetry into a healthy zero. Where a zero is needed, it is
computed from a series that must exist (an anchor).
"""

from __future__ import annotations

from collections.abc import Sequence

ASKED = "asked_as"
"""The label that says which of several queries, asked together, a series answers: its position."""


def rate(selector: str, window: int = 10) -> str:
    """Count events per second, over `window` seconds, of a counter that always exists."""
    return f"sum(rate({selector}[{window}s]))"


def rare_rate(selector: str, anchor: str, window: int = 10) -> str:
    """Count events per second of a counter that a healthy lab may lack; zero as long as `anchor` is there."""
    return f"({rate(selector, window)} or 0 * {rate(anchor, window)})"


def share(part: str, whole: str, window: int = 10) -> str:
    """Divide the part's rate by the whole's, 0 to 1; no value without traffic."""
    return f"{rare_rate(part, whole, window)} / {rate(whole, window)}"


def quantile(q: float, histogram: str, matchers: str, window: int = 10) -> str:
    """Estimate a quantile of a histogram, in its unit."""
    return f"histogram_quantile({q:g}, sum by (le) (rate({histogram}_bucket{{{matchers}}}[{window}s])))"


def mean(histogram: str, matchers: str, window: int = 10) -> str:
    """Compute the mean of a histogram, in its unit."""
    return f"{rate(f'{histogram}_sum{{{matchers}}}', window)} / {rate(f'{histogram}_count{{{matchers}}}', window)}"


def together(queries: Sequence[str]) -> str:
    """Join queries for vectors into one; each series of the answer has its query's position as the label ASKED."""
    return " or ".join(f'label_replace({each}, "{ASKED}", "{at}", "", "")' for at, each in enumerate(queries))
