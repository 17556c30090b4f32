"""When people change systems: mostly on working days, now and then in the evening, at night hardly ever."""

from __future__ import annotations

import time

from labctl.model.draw import Draw

TRIES = 200
_DAY, _EVENING, _NIGHT = 1.0, 0.2, 0.06
_WEEKEND = 0.3


def moment(draw: Draw, began: float, until: float) -> float:
    """Return a moment between two (epoch seconds), at which somebody may have been at work."""
    at = until
    for _ in range(TRIES):
        at = began + draw.share(0, 1) * (until - began) + draw.number(0, 599)
        if at <= until and draw.share(0, 1) < likelihood(at):
            break
    return min(at, until)


def likelihood(at: float) -> float:
    """Return how likely somebody works at a moment, compared with a morning in the week."""
    local = time.localtime(at)
    hours = _DAY if 8 <= local.tm_hour < 18 else _EVENING if 18 <= local.tm_hour < 23 else _NIGHT
    return hours * (_WEEKEND if local.tm_wday >= 5 else 1.0)
